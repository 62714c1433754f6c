// libyaml's only header; everything Swift needs of it imports as it is.
#pragma once
#include <yaml.h>
