#include "CProcess.h"

static int count_kept;
static char **words_kept;

// The GNU C library calls constructors with what it calls main with (call_init of its csu/libc-start.c and elf/dl-init.c).
__attribute__((constructor)) static void keep(int count, char **words) {
  count_kept = count;
  words_kept = words;
}

char **lvsctl_arguments(int *count) {
  *count = count_kept;
  return words_kept;
}
