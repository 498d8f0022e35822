//! The evaluator against the compiled one.
