"""What operators see and do, and what readers report to them."""
