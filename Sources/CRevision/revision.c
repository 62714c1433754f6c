#include "CRevision.h"

// A C target, because Swift's -D carries no value. Package.swift defines it from the environment of the build.
const char *lvsctl_revision(void) { return LVSCTL_REVISION; }
