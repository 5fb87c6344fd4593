"""An author's work: written, published, suggested, taken out of use."""
