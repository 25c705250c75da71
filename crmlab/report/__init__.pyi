from .page import report_page as report_page
from .page import write_report as write_report
from .project import Project as Project

__all__: list[str]
