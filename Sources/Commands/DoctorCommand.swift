// SPDX-License-Identifier: MIT

import ArgumentParser
import Kernels
import RunStore
import Trials

/// `rallybook doctor`
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show this program, this machine, and what is missing.")

  @OptionGroup var folders: FolderOptions

  func run() throws {
    let machine = MachineFacts.current
    print("rallybook \(Version.text), Swift \(Version.swift)")
    print("CPU       \(machine.cpu), \(machine.cores) cores")
    print("kernels   \(LaneKernels().width.rawValue)")
    print("system    \(machine.os), \(machine.kernel)")
    if let free = try? DiskSpace.free(at: Disk.isPresent(folders.runs) ? folders.runs : ".") {
      print("disk      \(DiskSpace.text(free)) free")
    }
  }
}
