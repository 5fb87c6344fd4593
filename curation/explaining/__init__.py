"""Why a subject stands where it stands."""
