//! Jenkins' files, and the pods that come of them.
