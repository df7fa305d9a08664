"""Water: where rain would stand, how it runs in time, what stands in underpasses and on roads. Values in, values out."""
