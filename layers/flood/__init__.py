"""Water: where rain would stand, how it runs, what stands in underpasses and on roads; values in, values out."""
