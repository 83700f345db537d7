"""The made-up data: four cohorts of records (`ehr`) and the lessons' tables (`tables`)."""
