"""The routing engine: a customizable contraction hierarchy on arrays, exact in integer milliseconds."""
