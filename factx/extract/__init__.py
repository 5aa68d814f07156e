"""Extract: one module for each kind of fact, each a pure function of a Doc; `factx.gather` runs them in order."""
