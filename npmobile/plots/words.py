"""The words of figures: `say` gives the Korean of an English text after `language.use("ko")`.

The code of a figure is written in English, and every text passes through `say`. A text without a Korean entry stays
English. The terms are those of the lessons.
"""

from __future__ import annotations

from .. import language

KOREAN = {
    # kinds of layers
    "standard": "표준",
    "depthwise": "깊이별",
    "pointwise": "점별",
    "pool": "풀링",
    "fully connected": "완전 연결",
    # axes, legends and labels
    "mult-adds (millions)": "곱셈-누산 횟수 (백만 번)",
    "parameters (thousands)": "매개변수 수 (천 개)",
    "parameters (millions)": "매개변수 수 (백만 개)",
    "share of the mult-adds (%)": "곱셈-누산의 비중 (%)",
    "share of the parameters (%)": "매개변수의 비중 (%)",
    "probability": "확률",
    "alpha": "α",
    "ImageNet accuracy, top-1 (%)": "ImageNet 정확도, top-1 (%)",
    "numbers beside the points: resolution": "점 옆의 숫자: 해상도",
    "printed in the paper's tables": "논문의 표에 실린 값",
    "released later by its authors": "저자들이 나중에 공개한 값",
    "resolution in pixels": "해상도 (픽셀)",
    "resolution in pixels, and rho = resolution / 224": "해상도 (픽셀), 해상도 승수 ρ = 해상도 / 224",
    "padding": "패딩",
    "rho squared": "ρ의 제곱",
    "multiple of 32": "32의 배수",
    "separable / standard": "연산량의 비율: 깊이별 분리 / 표준",
    "output channels N": "출력 채널 수 N",
    "reported by the tool (millions)": "도구가 출력한 합계 (백만)",
    "mult-adds": "곱셈-누산",
    "additions, counted apart": "따로 센 덧셈",
    "batch norm, ReLU, pool, bias, softmax": "배치 정규화, ReLU, 풀링, 편향, 소프트맥스",
    "body": "백본",
    "head": "헤드",
    # times
    "network": "전체",
    "block": "블록",
    "standard convolution / separable": "표준 합성곱 / 깊이별 분리 합성곱",
    "1: no difference": "1: 차이 없음",
    "times fewer mult-adds, counted": "연산 횟수의 비율 (계산)",
    "times faster, measured": "실행 시간의 비율 (측정)",
    "mult-adds per byte moved": "옮긴 1바이트당 곱셈-누산 횟수",
    "mult-adds per second (billions)": "초당 곱셈-누산 횟수 (10억 번)",
    "copying: {:.0f} GB per second": "복사: 초당 {:.0f} GB",
    "matrix product: {:.0f} billion per second": "행렬 곱: 초당 {:.0f} × 10억 번",
    # drawings
    "image": "이미지",
    "kernel": "커널",
    "output": "출력",
    "im2col matrix: a row is a flattened window": "im2col 행렬: 한 행에 윈도우 하나",
    "standard convolution": "표준 합성곱",
    "depthwise convolution": "깊이별 합성곱",
    "pointwise convolution": "점별 합성곱",
    "{} filters of {}": "필터 {}개: {}",
    "{} channels": "채널 {}개",
    "window": "윈도우",
    "Input": "입력\n(Input)",
    "Separate": "채널 분리\n(Separate)",
    "Depthwise Conv": "깊이별 합성곱\n(Depthwise Conv)",
    "Concat": "이어 붙이기\n(Concat)",
    "Pointwise Conv": "점별 합성곱\n(Pointwise Conv)",
    "Output": "출력\n(Output)",
    "vector of M numbers": "원소가 M개인 벡터",
    "one of N classes: dogs, places": "N개 클래스 가운데 하나: 개의 품종, 장소",
    "yes or no: face attributes": "예 또는 아니요: 얼굴 속성",
    "embedding": "임베딩",
    "boxes and classes at every position: detection": "위치마다 상자와 클래스: 객체 검출",
    # uses of the network
    "ImageNet, 1000 classes": "ImageNet, 클래스 1,000개",
    "dogs, 120 classes": "개의 품종, 클래스 120개",
    "places, 9,766 classes": "장소, 클래스 9,766개",
    "embedding, 128 numbers": "임베딩, 원소 128개",
    "detection: SSD 300": "객체 검출: SSD 300",
    "detection: Faster R-CNN 300": "객체 검출: Faster R-CNN 300",
    # text alternatives: what figures show, for those who cannot see them
    '{} (a figure: .savefig("figure.png") writes it to a file, .show() opens it)': '{} (그림: .savefig("figure.png")로 저장하고 .show()로 봅니다)',
    "Bars: mult-adds and parameters of {} layers": "막대그래프: {}개 층의 곱셈-누산 횟수와 매개변수 수",
    "Bars: the share of each kind of layer in mult-adds and in parameters": "막대그래프: 층 종류별 곱셈-누산과 매개변수의 비중",
    "Points: the accuracy of {} networks against their cost": "점: 연산량에 따른 {}개 네트워크의 정확도",
    "A grid of mult-adds by alpha and resolution; both make them fewer": "격자: α와 해상도에 따른 곱셈-누산 횟수. α와 해상도가 작을수록 적다",
    "Bars: the shares of body and head in {} networks": "막대그래프: {}개 네트워크에서 백본과 헤드의 비중",
    "A drawing: a body of shrinking feature maps, and the heads that read them": "그림: 특징 맵이 점점 작아지는 백본, 그리고 그 특징 맵을 입력으로 받는 헤드",
    "An image beside its likeliest labels: {}": "이미지와 확률이 가장 높은 레이블: {}",
    "Curves: the cost of separable over standard falls with N to 1/D_K^2": "곡선: N이 커지면 표준 합성곱에 대한 깊이별 분리 합성곱의 연산량 비율이 1/D_K^2에 가까워진다",
    "Images side by side: {}": "나란히 놓은 이미지: {}",
    "Pairs of bars for each block: the counted ratio beside the measured one": "블록별 막대 쌍: 연산 횟수의 비율과 측정한 시간의 비율",
    "Points: the speed of each layer against its mult-adds per byte, under two limits": "점: 1바이트당 곱셈-누산 횟수에 따른 층별 속도와 두 한계선",
    "The first {} channels of a layer's output, on one scale": "한 층의 출력 가운데 처음 {}개 채널, 모두 같은 눈금",
    "Staircases: the cost at {} resolutions with padding {}, beside the curve of rho squared": "계단: {}개 해상도의 연산량(패딩 {}), 그리고 ρ의 제곱 곡선",
    "Bars: what {} tools report, in parts": "막대그래프: {}개 도구가 출력한 합계와 그 구성",
    "Window {} of an image, and its row of the im2col matrix": "이미지의 {}번 윈도우와, im2col 행렬에서 그 윈도우가 되는 행",
    "Image, kernel, output up to window {}": "이미지, 커널, 그리고 {}번 윈도우까지 계산한 출력",
    "Boxes: the filters of standard, depthwise and pointwise convolution": "상자: 표준, 깊이별, 점별 합성곱의 필터",
    "A drawing: a depthwise separable convolution in six steps, from input to output": "그림: 입력에서 출력까지, 깊이별 분리 합성곱의 여섯 단계",
}


def say(english: str) -> str:
    """The text in the language of figures.

    >>> say("kernel")
    'kernel'
    """
    return KOREAN.get(english, english) if language.of_figures() == "ko" else english
