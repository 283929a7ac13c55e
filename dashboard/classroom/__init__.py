"""The class exercise in the browser: the teacher's and the students' page, over a `sim.exercise.service.Classroom`."""
