"""nbgrader's configuration of a course with the labs, and what a student sees where the solutions stood.

`python notebooks/build.py --teacher FOLDER` copies this file into the course of each language, with its LANGUAGE.
"""

LANGUAGE = "en"
CODE = {
    "en": 'raise NotImplementedError("write your code here")',
    "ko": 'raise NotImplementedError("여기에 코드를 작성하세요")',
}
TEXT = {"en": "*Write your answer here.*", "ko": "*여기에 답을 작성하세요.*"}

c = get_config()  # noqa: F821  (nbgrader runs this file with that name defined)
c.CourseDirectory.course_id = f"npmobile_{LANGUAGE}"
c.ClearSolutions.code_stub = {"python": CODE[LANGUAGE]}
c.ClearSolutions.text_stub = TEXT[LANGUAGE]
c.Execute.timeout = 120  # seconds for one cell; a right convolution in slow loops needs some of them
