// SPDX-License-Identifier: MIT
// What Swift 6.3 does not compile to single instructions, the question which instructions the CPU
// has, and types that two builds of the same sources share. Inline, so they are compiled for the
// module that uses them.
#pragma once
#include <stdint.h>
#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

typedef float rallybook_float8 __attribute__((ext_vector_type(8)));
typedef float rallybook_float16 __attribute__((ext_vector_type(16)));
typedef uint32_t rallybook_word16 __attribute__((ext_vector_type(16)));

/// One sparse entry of a window of decisions: the next entry of the same input or -1, the
/// decision's place in the window, and the entry's sign, 1 or -1, or another factor.
typedef struct {
  int32_t next;
  int32_t decision;
  float sign;
} rallybook_scatter_event;

/// Where one position of a convolution's input reaches: the topmost, leftmost output position whose
/// window covers it, the tap under which it stands there, and how many positions cover it downwards
/// and across; none where no window does.
typedef struct {
  uint16_t position;
  uint16_t tap;
  uint8_t rows;
  uint8_t columns;
} rallybook_reach;

/// A convolution as its inner loops see it: output positions in a row, taps in a row, stride, rows
/// of weights that belong to a tap, and lanes of eight filters.
typedef struct {
  int32_t across;
  int32_t kernel;
  int32_t stride;
  int32_t tapRows;
  int32_t lanes;
} rallybook_convolution;

/// What of a map is not its background: positions, for each the place of its first entry in the
/// lists and behind the last one their number, and the lists themselves. An entry's row is
/// position * channels + channel.
typedef struct {
  int32_t count;
  const uint16_t *_Nonnull positions;
  const int32_t *_Nonnull starts;
  const uint16_t *_Nonnull rows;
  const float *_Nonnull values;
} rallybook_listing;

/// Square root of each lane, correctly rounded (IEEE 754).
static inline rallybook_float8 rallybook_square_root(rallybook_float8 x) {
  return __builtin_elementwise_sqrt(x);
}

/// The sum of the lanes of each of eight vectors, in their order: of every one the pairs at distance
/// 4 are added first, then those at distance 2, then 1.
static inline rallybook_float8 rallybook_sums(
    rallybook_float8 a, rallybook_float8 b, rallybook_float8 c, rallybook_float8 d,
    rallybook_float8 e, rallybook_float8 f, rallybook_float8 g, rallybook_float8 h) {
#define HALVES(x, y) \
  (__builtin_shufflevector(x, y, 0, 1, 2, 3, 8, 9, 10, 11) + \
   __builtin_shufflevector(x, y, 4, 5, 6, 7, 12, 13, 14, 15))
#define QUARTERS(x, y) \
  (__builtin_shufflevector(x, y, 0, 1, 8, 9, 4, 5, 12, 13) + \
   __builtin_shufflevector(x, y, 2, 3, 10, 11, 6, 7, 14, 15))
  rallybook_float8 even = QUARTERS(HALVES(a, e), HALVES(b, f));
  rallybook_float8 odd = QUARTERS(HALVES(c, g), HALVES(d, h));
#undef HALVES
#undef QUARTERS
  return __builtin_shufflevector(even, odd, 0, 2, 8, 10, 4, 6, 12, 14) +
         __builtin_shufflevector(even, odd, 1, 3, 9, 11, 5, 7, 13, 15);
}

/// Bit i is set where lane i is greater than 0.
static inline uint8_t rallybook_positive_mask(rallybook_float8 x) {
#if defined(__AVX__)
  __m256 v = (__m256)x;
  return (uint8_t)_mm256_movemask_ps(_mm256_cmp_ps(v, _mm256_setzero_ps(), _CMP_GT_OQ));
#elif defined(__SSE2__)
  __m128 zero = _mm_setzero_ps();
  int low = _mm_movemask_ps(_mm_cmpgt_ps((__m128)x.lo, zero));
  int high = _mm_movemask_ps(_mm_cmpgt_ps((__m128)x.hi, zero));
  return (uint8_t)(low | high << 4);
#else
  uint8_t bits = 0;
  for (int i = 0; i < 8; i++) bits |= (uint8_t)(x[i] > 0) << i;
  return bits;
#endif
}

/// max(0, x) in each lane; NaN stays NaN.
static inline rallybook_float16 rallybook_rectified(rallybook_float16 x) {
  return (rallybook_float16)((rallybook_word16)x & ~(rallybook_word16)(x < 0));
}

/// Lanes whose units one gate holds.
static inline int rallybook_lanes_per_gate(void) { return 32; }

/// Moves the bits of a gate up by two and appends, in each lane, whether x is above 0.
static inline rallybook_word16 rallybook_push_gate(rallybook_word16 gate, rallybook_float16 x) {
  return (gate << 2) - (rallybook_word16)(x > 0);
}

/// In each lane 0, x, y or x + y, by the two lowest bits of its word. `table` holds these four, four
/// times.
static inline rallybook_float16 rallybook_select(rallybook_float16 table, rallybook_word16 bits) {
#if defined(__AVX512F__)
  return (rallybook_float16)_mm512_permutevar_ps((__m512)table, (__m512i)bits);
#elif defined(__AVX__)
  rallybook_float16 result;
  result.lo = (rallybook_float8)_mm256_permutevar_ps((__m256)table.lo, (__m256i)bits.lo);
  result.hi = (rallybook_float8)_mm256_permutevar_ps((__m256)table.hi, (__m256i)bits.hi);
  return result;
#else
  rallybook_float16 x = table[1], y = table[2];
  rallybook_word16 first = 0 - (bits & 1), second = 0 - (bits >> 1 & 1);
  return (rallybook_float16)((rallybook_word16)x & first) +
         (rallybook_float16)((rallybook_word16)y & second);
#endif
}

/// Whether 25 lanes of eight floats stay in registers, or 13 do.
static inline int rallybook_has_wide_registers(void) {
#if defined(__AVX512F__)
  return 1;
#else
  return 0;
#endif
}

/// Whether this CPU has AVX2.
static inline int rallybook_has_avx2(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") != 0;
#else
  return 0;
#endif
}

/// Whether this CPU has AVX-512 with instructions for shorter vectors too.
static inline int rallybook_has_avx512(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
#else
  return 0;
#endif
}

/// Whether this CPU has instructions for SHA-256.
static inline int rallybook_has_sha256(void) {
#if defined(__x86_64__)
  unsigned a, b, c, d;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
#else
  return 0;
#endif
}

#if defined(__x86_64__)
/// SHA-256 of whole blocks of 64 bytes by the CPU's own instructions: `state` are the eight words a to
/// h, `constants` the 64 of FIPS 180-4.
__attribute__((target("sha,sse4.1"))) static inline void rallybook_sha256(
    uint32_t *_Nonnull state, const uint8_t *_Nonnull bytes, int64_t blocks,
    const uint32_t *_Nonnull constants) {
  const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  __m128i abef = _mm_alignr_epi8(badc, hgfe, 8);
  __m128i cdgh = _mm_blend_epi16(hgfe, badc, 0xF0);
  for (; blocks > 0; blocks--, bytes += 64) {
    const __m128i first = abef, second = cdgh;
    __m128i words[4];
    for (int i = 0; i < 4; i++) {
      words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(bytes + 16 * i)), order);
    }
    for (int i = 0; i < 16; i++) {
      __m128i sum = _mm_add_epi32(
          words[i & 3], _mm_loadu_si128((const __m128i *)(constants + 4 * i)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
      if (i < 12) {
        __m128i last = words[(i + 3) & 3];
        __m128i next = _mm_add_epi32(
            _mm_sha256msg1_epu32(words[i & 3], words[(i + 1) & 3]),
            _mm_alignr_epi8(last, words[(i + 2) & 3], 4));
        words[i & 3] = _mm_sha256msg2_epu32(next, last);
      }
    }
    abef = _mm_add_epi32(abef, first);
    cdgh = _mm_add_epi32(cdgh, second);
  }
  __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
  __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}
#endif
