// LANCER_SIMD_CLONES: compiles a function once per x86 vector width; the loader picks.
//
// Plain portable code follows it; on other machines, under sanitizers (whose start-up
// code cannot run before the choice) and with LANCER_SIMD_PORTABLE it means nothing.
// Tests define it before, to compile the kernels for one machine alone. Thread rule: no
// state.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LANCER_SIMD_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define LANCER_SIMD_SANITIZED 1
#endif
#endif

#ifndef LANCER_SIMD_CLONES
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && \
    !defined(__clang__) && !defined(LANCER_SIMD_SANITIZED) &&         \
    !defined(LANCER_SIMD_PORTABLE)
#define LANCER_SIMD_CLONES \
  __attribute__((target_clones("default", "avx2", "arch=skylake-avx512")))
#else
#define LANCER_SIMD_CLONES
#endif
#endif
