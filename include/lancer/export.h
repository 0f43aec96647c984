// The one macro that marks a symbol as visible outside the shared library.
// Everything else is built with hidden visibility. Owns nothing; no thread rule.
#pragma once

#define LANCER_EXPORT [[gnu::visibility("default")]]
