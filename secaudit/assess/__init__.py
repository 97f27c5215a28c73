"""Pure functions that join answers, evidence dates, outcomes and checklists into status, scores and priorities."""
