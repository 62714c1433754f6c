#ifndef CPROCESS_H
#define CPROCESS_H

#include <termios.h>

/// Has this process end with a sentence and a documented status where it would be ended by a trap: 71 where an allocation
/// failed (malloc(3) leaves ENOMEM), otherwise 70. SIGPIPE and SIGXFSZ are ignored from now on, so that write(2) says
/// EPIPE and EFBIG.
void lvsctl_last_words_prepare(void);

/// Says whether this machine is in the middle of being changed.
void lvsctl_last_words_changing(int is_changing);

/// Says what the terminal is to be given back as: `mode` of stdin, or none of its settings where that is null.
void lvsctl_last_words_screen(int is_on, const struct termios *mode);

/// The words of this process's command line, as many as `count` says: Swift's CommandLine reads them from /proc/self/cmdline,
/// and has none where /proc is not mounted.
char **lvsctl_arguments(int *count);

#endif
