// SPDX-License-Identifier: MIT
// Two things that Swift 6.3's SIMD types do not compile to single instructions, the question
// which instructions the CPU has, and a type that two builds of the same sources share. Inline, so they are compiled for the module that uses them.
#pragma once
#include <stdint.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef float rallybook_float8 __attribute__((ext_vector_type(8)));

/// One sparse entry of a window of decisions: the next entry of the same input or -1, the
/// decision's place in the window, and the entry's sign, 1 or -1.
typedef struct {
  int32_t next;
  int32_t decision;
  float sign;
} rallybook_scatter_event;

/// Square root of each lane, correctly rounded (IEEE 754).
static inline rallybook_float8 rallybook_square_root(rallybook_float8 x) {
  return __builtin_elementwise_sqrt(x);
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

/// Whether this CPU has AVX2.
static inline int rallybook_has_avx2(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") != 0;
#else
  return 0;
#endif
}
