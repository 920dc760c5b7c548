// SPDX-License-Identifier: MIT
// What libFuzzer offers to a program with a main of its own (LLVM, FuzzerInterface.h).

#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(
    int *count, char ***arguments, int (*one)(const uint8_t *data, size_t size));
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t limit);
