// stopwatch STATUS INPUT COMMAND [ARGUMENT...]: runs COMMAND with standard input from INPUT and its output thrown away,
// and prints the milliseconds from before vfork(2) to its end, its peak memory in KiB and its page faults. Another exit
// status than STATUS is an error. For Tests/benchmark.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int count, char **words) {
  if (count < 4) {
    fprintf(stderr, "usage: stopwatch STATUS INPUT COMMAND [ARGUMENT...]\n");
    return 64;
  }
  int input = open(words[2], O_RDONLY), output = open("/dev/null", O_WRONLY), status;
  if (input < 0 || output < 0) {
    perror(words[2]);
    return 66;
  }
  struct rusage usage;
  double start = now();
  pid_t child = vfork();
  if (child == 0) {
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    execvp(words[3], words + 3);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &usage) < 0) {
    perror("stopwatch");
    return 70;
  }
  double end = now();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != atoi(words[1])) {
    fprintf(stderr, "stopwatch: %s %s ended with status %d, not %s\n", words[3], count > 4 ? words[4] : "",
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), words[1]);
    return 70;
  }
  printf("%.3f %ld %ld\n", end - start, usage.ru_maxrss, usage.ru_minflt + usage.ru_majflt);
  return 0;
}
