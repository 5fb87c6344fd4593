"""The lexicon language: documents judged, definitions compiled to checks, run at publishing and at ingestion."""
