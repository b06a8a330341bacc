"""The words of figures and pages in the language of the lesson: English, or Korean.

Figures are written in English; `say` looks the words up. Where no Korean font is installed, they stay English:
no boxes, no warnings.
"""

from __future__ import annotations

LANGUAGES = ("en", "ko")
KOREAN_FONTS = (
    "NanumGothic",
    "Noto Sans CJK KR",
    "Noto Sans KR",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "AppleGothic",
)
KOREAN = {
    # kinds of layers
    "standard": "표준",
    "depthwise": "깊이별",
    "pointwise": "점별",
    "pool": "풀링",
    "fully connected": "완전 연결",
    # axes and titles
    "mult-adds (millions)": "곱셈-덧셈 (백만)",
    "parameters (thousands)": "매개변수 (천)",
    "probability": "확률",
    "parameters (millions)": "매개변수 (백만)",
    "share of the mult-adds (%)": "곱셈-덧셈 비중 (%)",
    "share of the parameters (%)": "매개변수 비중 (%)",
    "alpha": "알파(α)",
    "ImageNet accuracy, top 1 (%)": "ImageNet 정확도, top-1 (%)",
    "numbers at the points: resolution": "점 옆의 수: 해상도",
    "printed in the paper's tables": "논문 표에 인쇄됨",
    "released later by its authors": "저자들이 나중에 공개",
    "resolution in pixels, and rho = resolution / 224": "해상도(픽셀)와 로(ρ) = 해상도 / 224",
    "picture": "그림",
    "input": "입력",
    "kernel": "커널",
    "output": "출력",
    "columns, one row a window": "열 행렬: 창 하나가 한 행",
    "standard convolution": "표준 합성곱",
    "depthwise convolution": "깊이별 합성곱",
    "pointwise convolution": "점별 합성곱",
    "N filters, each through all M channels": "필터 N개, 각각 M개 채널 전체를 통과",
    "M filters, each on its own channel": "필터 M개, 각각 자기 채널만",
    "N filters of one pixel, through all M channels": "한 픽셀 크기 필터 N개, M개 채널 전체를 통과",
    "channels apart": "채널 분리",
    "filtered": "걸러진 채널",
    "put together": "다시 합침",
    "combined": "채널 결합",
    "separable / standard": "분리형 / 표준",
    "output channels N": "출력 채널 수 N",
    "network": "전체",
    "block": "블록",
    "full convolution / separable": "완전 합성곱 / 분리형",
    "times fewer mult-adds, counted": "곱셈-덧셈이 몇 배 적은가 (셈)",
    "times faster, measured": "몇 배 빠른가 (측정)",
    "mult-adds for each byte moved": "옮긴 바이트당 곱셈-덧셈",
    "mult-adds a second (billions)": "초당 곱셈-덧셈 (10억)",
    "copy: {:.0f} GB a second": "복사: 초당 {:.0f} GB",
    "matrix product: {:.0f} billion a second": "행렬 곱: 초당 {:.0f} × 10억",
    "counted": "센 값",
    "rho squared": "로(ρ)의 제곱",
    "multiple of 32": "32의 배수",
    "resolution in pixels": "해상도(픽셀)",
    "what the tool reports (millions)": "도구가 알려 주는 수 (백만)",
    "mult-adds": "곱셈-덧셈",
    "additions, counted apart": "따로 센 덧셈",
    "batch norm, ReLU, pool, bias, softmax": "배치 정규화, ReLU, 풀링, 편향, 소프트맥스",
    "body": "몸통",
    "head": "머리",
    "M numbers": "수 M개",
    "one of N classes: dogs, places": "N개 클래스 가운데 하나: 개의 품종, 장소",
    "yes or no: face attributes": "예 또는 아니요: 얼굴 속성",
    "embedding": "임베딩",
    "boxes and classes at every place: detection": "자리마다 상자와 클래스: 물체 검출",
    # uses of the network
    "ImageNet, 1000 classes": "ImageNet, 클래스 1000개",
    "dogs, 120 classes": "개의 품종, 클래스 120개",
    "places, 9,766 classes": "장소, 클래스 9,766개",
    "embedding, 128 numbers": "임베딩, 수 128개",
    "detection: SSD 300": "물체 검출: SSD 300",
    "detection: Faster R-CNN 300": "물체 검출: Faster R-CNN 300",
    # what figures show, for those who cannot see them
    "Bars: mult-adds and parameters of {} layers": "막대그래프: {}개 층의 곱셈-덧셈과 매개변수",
    "Bars: the share of each kind of layer in mult-adds and in parameters": "막대그래프: 층 종류별 곱셈-덧셈과 매개변수의 비중",
    "Points: the accuracy of {} networks against their cost": "점: 비용에 따른 {}개 네트워크의 정확도",
    "A grid of mult-adds: alpha by resolution, falling towards thin and small": "격자: 알파와 해상도별 곱셈-덧셈, 얇고 작을수록 적다",
    "Bars: what body and head take of {} networks": "막대그래프: {}개 네트워크에서 몸통과 머리의 몫",
    "A body of shrinking maps; on its last numbers and on its maps stand heads": "작아지는 특징 맵으로 된 몸통, 마지막 수들과 특징 맵 위에 얹힌 머리",
    "A picture beside its likeliest labels: {}": "그림과 그 옆의 가장 그럴듯한 이름: {}",
    "Curves: separable over standard cost falls with N to 1/D_K^2": "곡선: 분리형/표준 비용은 N이 커지면 1/D_K^2까지 내려간다",
    "Pictures side by side: {}": "나란히 놓은 그림들: {}",
    "Pairs of bars by block: the counted ratio beside the measured one": "블록별 막대 쌍: 센 비와 측정한 비",
    "Points: each layer's speed against its mult-adds a byte, under two roofs": "점: 바이트당 곱셈-덧셈에 따른 층별 속도와 두 지붕",
    "The first {} channels of a layer's output": "한 층이 낸 출력의 처음 {}개 채널",
    "Stairs: the cost at {} resolutions, on or above rho squared": "계단: {}개 해상도의 비용, 로 제곱과 같거나 그보다 크다",
    "Bars: what {} tools report, in parts": "막대그래프: {}개 도구가 알려 주는 수와 그 구성",
    "Window {} of a picture, and the row of the column matrix that it becomes": "그림의 {}번 창과 그 창이 되는 열 행렬의 행",
    "A picture, a kernel, and the output up to window {}": "그림, 커널, 그리고 {}번 창까지 계산한 출력",
    "Boxes: the filters of standard, depthwise and pointwise convolution": "상자: 표준, 깊이별, 점별 합성곱의 필터",
    "A separable convolution in five steps, from input to combined output": "분리형 합성곱의 다섯 단계, 입력에서 합쳐진 출력까지",
}
_asked = "en"  # what `use` was told
_chosen = "en"  # what figures speak: Korean needs a font


def use(language: str) -> str:
    """Let figures and pages speak a language from now on.

    Parameters
    ----------
    language : {"en", "ko"}

    Returns
    -------
    str
        The language that figures will speak: "en" where Korean has no font on this machine. Pages bring their own.

    Raises
    ------
    ValueError
        If it is neither.

    Examples
    --------
    >>> use("en"), say("picture")
    ('en', 'picture')
    """
    global _asked, _chosen
    if language not in LANGUAGES:
        raise ValueError(f'language must be "en" or "ko", but is {language!r}')
    import matplotlib

    _asked = language
    font = _korean_font() if language == "ko" else None
    _chosen = "ko" if font else "en"
    # The Korean font first: behind DejaVu, Hangul beside a formula would break; DejaVu has the minus sign.
    matplotlib.rcParams["font.family"] = [font, "DejaVu Sans"] if font else ["sans-serif"]
    return _chosen


def of_pages() -> str:
    """The language that `use` was told, which pages speak whatever fonts matplotlib has."""
    return _asked


def say(english: str) -> str:
    """The words in the chosen language; words without a translation stay as they are."""
    return KOREAN.get(english, english) if _chosen == "ko" else english


def _korean_font() -> str | None:
    """The first Korean font that is installed, even if it came after matplotlib made its list of fonts."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    if not known.intersection(KOREAN_FONTS):
        files = tuple(name.replace(" ", "") for name in KOREAN_FONTS)
        for path in font_manager.findSystemFonts():
            if path.replace("\\", "/").rsplit("/", 1)[1].startswith(files):
                font_manager.fontManager.addfont(path)
        known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in KOREAN_FONTS if name in known), None)
