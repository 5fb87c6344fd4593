"""`skillnet bench search`: the engine measured on a made-up catalogue of any size, beside a rival in the same run."""
