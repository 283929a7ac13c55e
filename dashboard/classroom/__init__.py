"""The class exercise on screens: the teacher's page and the students', over one `sim.exercise.service.Classroom`."""
