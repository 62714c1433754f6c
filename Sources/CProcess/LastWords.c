#include "CProcess.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

// In C, since a handler may call nothing but what signal-safety(7) lists, and Swift may allocate anywhere.

// A stack that overflowed is none to handle that on. Nothing of it is touched before.
static char handler_stack[64 << 10];

static volatile sig_atomic_t is_changing;
static volatile sig_atomic_t has_screen;
static volatile sig_atomic_t has_mode;
static struct termios former_mode;

static void say(const char *text) {
  // Nobody is left to be told where that fails.
  ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
  (void)ignored;
}

static void end(int number) {
  int is_out_of_memory = errno == ENOMEM;
  (void)number;
  if (has_screen) {
    static const char leave[] = "\033[?25h\033[?1049l";
    ssize_t ignored = write(STDOUT_FILENO, leave, sizeof leave - 1);
    (void)ignored;
    if (has_mode) tcsetattr(STDIN_FILENO, TCSANOW, &former_mode);
  }
  say(is_out_of_memory ? "There is not enough memory for this (see ulimit -v, and the limits of its cgroup).\n"
                       : "This is a bug in lvsctl; please report it with the lines above and the command line.\n");
  if (is_changing)
    say("It ended in the middle of its steps: what was done is left in place. Run lvsctl diff to see the state now.\n");
  _exit(is_out_of_memory ? 71 : 70);
}

static const char backtrace[] = "SWIFT_BACKTRACE";
static int is_backtrace_ours;

// Before the Swift library's own constructors, which have no priority: one of them searches for the program swift-backtrace
// beside this one, with nine system calls, and aborts where there is no /proc/self/exe to begin from (_swift_initRuntimePath
// and BacktraceInitializer of the library's Paths.cpp and Backtrace.cpp). No node has that program.
__attribute__((constructor(101))) static void search_no_backtracer(void) {
  if (getenv(backtrace)) return;
  is_backtrace_ours = setenv(backtrace, "enable=no,swift-backtrace=/", 0) == 0;
}

void lvsctl_last_words_prepare(void) {
  // The library has read it, and programs that are started have nothing to do with it.
  if (is_backtrace_ours) unsetenv(backtrace);
  stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
  sigaltstack(&stack, 0);
  struct sigaction action = {.sa_handler = end, .sa_flags = SA_ONSTACK | SA_RESETHAND};
#if defined(__x86_64__) || defined(__i386__)
  sigaction(SIGILL, &action, 0); // ud2
#else
  sigaction(SIGTRAP, &action, 0); // brk
#endif
  sigaction(SIGABRT, &action, 0);
  sigaction(SIGSEGV, &action, 0);
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  sigaction(SIGPIPE, &ignore, 0);
  sigaction(SIGXFSZ, &ignore, 0);
}

void lvsctl_last_words_changing(int value) { is_changing = value; }

void lvsctl_last_words_screen(int is_on, const struct termios *mode) {
  if (mode) former_mode = *mode;
  has_mode = mode != 0;
  has_screen = is_on;
}
