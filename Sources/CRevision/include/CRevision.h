#ifndef CREVISION_H
#define CREVISION_H

/// The source revision this program was built from, or an empty text where the build was not told.
const char *lvsctl_revision(void);

#endif
