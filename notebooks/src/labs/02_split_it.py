# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # Lab 2. Split it
#
# In this lab you write the depthwise and the pointwise convolution of MobileNet yourself, put them together, and write the functions that say what a layer costs.
# A function is finished when its values are right **and** it makes no more multiplications than the definition.
#
# After this lab you can
#
# - write a depthwise, a pointwise and a depthwise separable convolution in NumPy;
# - tell from the number of multiplications whether a convolution really is depthwise;
# - compute the mult-adds and the parameters of every kind of layer;
# - say which standard convolutions can be replaced by the two steps without any change.
#
# About 75 minutes. You need: lesson 2. The lab has 22 points.
#
# How to work: write your code in the cells that say "write your code here", then run the cells below them. A report says whether the values are right, what your function costs, and, where something is wrong, the likely mistake. You can check as often as you like.

# %% [markdown] lang="ko" of="4ab714ae"
# # 실습 2. 직접 나누는 합성곱
#
# 이번 실습에서는 MobileNet의 깊이별 합성곱과 점별 합성곱을 직접 작성하고, 둘을 이어서 깊이별 분리 합성곱을 만듭니다. 층의 연산량과 매개변수 수를 구하는 함수도 작성합니다.
# 결과가 맞을 뿐만 아니라 **곱셈도 정의보다 많이 하지 않아야** 함수가 완성된 것입니다.
#
# 이 실습을 마치면
#
# - 깊이별 합성곱, 점별 합성곱, 깊이별 분리 합성곱을 NumPy로 작성할 수 있습니다.
# - 어떤 합성곱이 정말 깊이별 합성곱인지 곱셈 횟수로 판단할 수 있습니다.
# - 모든 종류의 층에서 곱셈-누산 횟수와 매개변수 수를 구할 수 있습니다.
# - 어떤 표준 합성곱을 결과의 변화 없이 두 단계로 바꿀 수 있는지 말할 수 있습니다.
#
# 약 75분이 걸립니다. 2강의 내용을 알고 있으면 됩니다. 모두 22점입니다.
#
# 실습 방법: "여기에 코드를 작성하세요"라고 적힌 셀에 코드를 작성하고, 그 아래의 셀을 실행하세요. 그러면 보고서가 출력됩니다. 결과가 맞는지, 연산량이 얼마인지 나와 있고, 틀린 곳이 있으면 의심되는 실수도 나와 있습니다. 몇 번이든 다시 확인해도 됩니다.
#
# 보고서는 한국어로 나오지만, 그 밖의 출력과 오류 메시지는 영어로 나옵니다. 다음 표에서 뜻을 찾아보세요.
#
# | 출력 | 뜻 |
# |---|---|
# | ... not right yet | ... 아직 맞지 않음 |
# | the report says which, where | 어느 것인지, 어디인지는 보고서에 있음 |
# | the cost ..., the report above says why | 연산량이 ..., 이유는 위의 보고서에 있음 |
# | with stride 2: ... multiplications | 스트라이드 2일 때 곱셈 ...번 |
# | the example | 앞의 예제 |
# | depthwise step, pointwise step | 깊이별 단계, 점별 단계 |
# | mult-adds, parameters | 곱셈-누산 횟수, 매개변수 수 |
# | the kernel must have the shape ..., but has ... | 커널의 형상이 ...이어야 하는데 ...임 |
# | one number of d times one of p: which ones? | d의 원소 하나와 p의 원소 하나의 곱: 어느 원소인가? |
# | rank ... in your kernel, in a random one | 여러분의 커널의 랭크 ..., 무작위 커널의 랭크 ... |

# %%
WHEEL = ""  # in Colab or JupyterLite: the address of npmobile's wheel, or the name of the file that you uploaded
try:
    import npmobile as nm
except ImportError as error:
    if not WHEEL:
        raise ImportError("install npmobile first: pip install . in its folder, or name its wheel above") from error
    # %pip install -q {WHEEL}
    import npmobile as nm
from fractions import Fraction

import numpy as np
from IPython.display import display

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## The example of this lab
#
# The small example is the one of lesson 2: an image of 3 x 3 pixels with $M = 2$ channels. Each channel has its own 2 x 2 kernel.
#
# $$\begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{pmatrix}, \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}
# \qquad \begin{pmatrix} 1 & 0 & 0 \\ 0 & 1 & 0 \\ 0 & 0 & 1 \end{pmatrix}, \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}$$
#
# Padding is the subject of lab 1, so the function that adds the zeros is given here. `pad_same` returns the images with as many zeros around them as `"same"` needs.

# %% [markdown] lang="ko" of="b4450f8b"
# ## 실습에 쓰는 예제
#
# 2강에서 쓴 작은 예제를 그대로 씁니다. 이미지는 3 x 3 픽셀이고 채널은 $M = 2$개입니다. 채널마다 2 x 2 커널이 하나씩 있습니다.
#
# $$\begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{pmatrix}, \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}
# \qquad \begin{pmatrix} 1 & 0 & 0 \\ 0 & 1 & 0 \\ 0 & 0 & 1 \end{pmatrix}, \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}$$
#
# 패딩은 실습 1의 주제이므로, 0을 채우는 함수는 여기서 미리 드립니다. `pad_same`은 `"same"` 패딩에 필요한 만큼 이미지 둘레에 0을 채워서 반환합니다.

# %%
image = np.stack([[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]], np.eye(3)], axis=-1)
image = image[np.newaxis]  # (H, W, M) -> (B, H, W, M) = (1, 3, 3, 2)
filters = np.stack([[[1.0, 2], [3, 4]], np.eye(2)], axis=-1)  # (D_K, D_K, M) = (2, 2, 2)


def pad_same(x, D_K, stride):
    zeros = []
    for side in x.shape[1:3]:  # the rows, then the columns
        missing = max((-(-side // stride) - 1) * stride + D_K - side, 0)
        zeros.append((missing // 2, missing - missing // 2))
    return np.pad(x, ((0, 0), *zeros, (0, 0)))


pad_same(image, D_K=2, stride=1)[0, :, :, 0]

# %% [markdown] lang="en"
# ## Task 1. The depthwise convolution (values 2, cost 3 points)
#
# Write `depthwise_conv`: it filters each channel of `x` by itself, with the kernel of that channel, and pads with zeros as `"same"` does. With a stride $s$ the output has $\lceil H / s \rceil$ rows and $\lceil W / s \rceil$ columns.
#
# $$\hat G_{k,l,m} = \sum_{i,j} \hat K_{i,j,m} \cdot F_{k+i-1,\;l+j-1,\;m}$$
#
# <details><summary>Hint</summary>
#
# The factor of $\hat K_{i,j,m}$ in all output pixels together is a part of the padded image: it begins at row $i$ and column $j$ and takes every $s$-th row and column. So two loops over $i$ and $j$ are enough, and each adds one product of arrays. Loops over all pixels and channels are right as well, only slower.
#
# </details>

# %% [markdown] lang="ko" of="97ae6347"
# ## 과제 1. 깊이별 합성곱 (결과 2점, 연산량 3점)
#
# 함수 `depthwise_conv`를 작성하세요. `x`의 각 채널을 그 채널의 커널로 따로 필터링하고, `"same"` 방식으로 0을 채웁니다. 스트라이드가 $s$이면 출력은 $\lceil H / s \rceil$행, $\lceil W / s \rceil$열입니다.
#
# $$\hat G_{k,l,m} = \sum_{i,j} \hat K_{i,j,m} \cdot F_{k+i-1,\;l+j-1,\;m}$$
#
# <details><summary>힌트</summary>
#
# 모든 출력 픽셀에서 $\hat K_{i,j,m}$과 곱해지는 픽셀을 모으면 패딩한 이미지의 일부분이 됩니다. $i$행 $j$열에서 시작해서 행과 열을 $s$개마다 하나씩 고른 것입니다. 그래서 $i$와 $j$에 대한 반복문 두 개면 충분하고, 한 번 돌 때마다 배열끼리 곱해서 더하면 됩니다. 모든 픽셀과 채널을 반복문으로 계산해도 됩니다. 조금 느릴 뿐입니다.
#
# </details>


# %% write="depthwise"
def depthwise_conv(x, kernel, stride=1):
    """x (B, H, W, M), kernel (D_K, D_K, M) -> y (B, H', W', M), padding "same".

    >>> depthwise_conv(image, filters)[0, :, :, 0].tolist()  # the first number: 1*1 + 2*2 + 3*4 + 4*5
    [[37.0, 47.0, 21.0], [67.0, 77.0, 33.0], [23.0, 26.0, 9.0]]
    """
    ### BEGIN SOLUTION
    D_K = kernel.shape[0]
    rows, columns = -(-x.shape[1] // stride), -(-x.shape[2] // stride)
    padded = pad_same(x, D_K, stride)
    y = np.zeros((x.shape[0], rows, columns, x.shape[3]), x.dtype)
    for i, j in np.ndindex(D_K, D_K):
        y += kernel[i, j] * padded[:, i : i + stride * rows : stride, j : j + stride * columns : stride]
    return y
    ### END SOLUTION


# %% check="depthwise-values" points=2
report = nm.exercises.depthwise_conv(depthwise_conv)
display(report)
if not report.values:
    raise report.error or AssertionError("the values are not right yet: the report says where")

# %% check="depthwise-cost" points=3
report = nm.exercises.depthwise_conv(depthwise_conv)
if not report.cost:
    raise report.error or AssertionError("the cost is not right yet: the report above says why")
made = nm.counting.count(depthwise_conv, image, filters, stride=2).multiplications
print(f"with stride 2: {made} multiplications; D_K * D_K * M * D_G * D_G = {2 * 2 * 2 * 2 * 2}")

# %% [markdown] lang="en"
# Is it right? Then the next figure shows one handwritten digit in three ways. The kernel of channel 0 computes a mean, which blurs the digit. The kernel of channel 1 marks the upper edges of the strokes, and that of channel 2 the left edges. White is a 0 or less.

# %% [markdown] lang="ko" of="dfa6384c"
# 함수가 맞다면 다음 그림에서 손글씨 숫자 하나가 세 가지 모습으로 나옵니다. 0번 채널의 커널은 평균을 구하므로 숫자가 흐려집니다. 1번 채널의 커널로는 획의 위쪽 경계가, 2번 채널의 커널로는 왼쪽 경계가 나타납니다. 흰색은 0 이하인 곳입니다.

# %%
x, labels = nm.digits_test()
upper = np.array([[-1.0, -1, -1], [0, 0, 0], [1, 1, 1]]) / 3
three = np.stack([np.full((3, 3), 1 / 9), upper, upper.T], axis=-1).astype(np.float32)  # (3, 3, M)
nm.plots.feature_maps(np.maximum(depthwise_conv(x[:1] + 1, three), 0), channels=3)

# %% [markdown] lang="en"
# ## Task 2. The pointwise convolution (values 2, cost 2 points)
#
# Write `pointwise_conv`: at each pixel it computes $N$ weighted sums of the $M$ channels. One matrix product is enough.
#
# $$G_{k,l,n} = \sum_m P_{m,n} \cdot \hat G_{k,l,m}$$
#
# <details><summary>Hint</summary>
#
# NumPy's `@` multiplies along the last axis of the first array: `(B, H, W, M) @ (M, N)` has the shape `(B, H, W, N)`.
#
# </details>

# %% [markdown] lang="ko" of="d872aa51"
# ## 과제 2. 점별 합성곱 (결과 2점, 연산량 2점)
#
# 함수 `pointwise_conv`를 작성하세요. 픽셀마다 채널 $M$개의 가중합을 $N$개 구합니다. 행렬 곱 한 번이면 충분합니다.
#
# $$G_{k,l,n} = \sum_m P_{m,n} \cdot \hat G_{k,l,m}$$
#
# <details><summary>힌트</summary>
#
# NumPy의 `@`는 첫 번째 배열의 마지막 축을 따라 곱합니다. `(B, H, W, M) @ (M, N)`의 형상은 `(B, H, W, N)`입니다.
#
# </details>

# %%
pixel = np.array([[[[37.0, 2]]]])  # (B, H, W, M) = (1, 1, 1, 2)
mixing = np.array([[1.0, 1, 0], [0, -1, 10]])  # (M, N) = (2, 3)


# %% write="pointwise"
def pointwise_conv(x, kernel):
    """x (B, H, W, M), kernel (M, N) -> y (B, H, W, N).

    >>> pointwise_conv(pixel, mixing).tolist()  # 1*37 + 0*2, 1*37 - 1*2, 0*37 + 10*2
    [[[[37.0, 35.0, 20.0]]]]
    """
    ### BEGIN SOLUTION
    return x @ kernel
    ### END SOLUTION


# %% check="pointwise-values" points=2
report = nm.exercises.pointwise_conv(pointwise_conv)
display(report)
if not report.values:
    raise report.error or AssertionError("the values are not right yet: the report says where")

# %% check="pointwise-cost" points=2
report = nm.exercises.pointwise_conv(pointwise_conv)
if not report.cost:
    raise report.error or AssertionError("the cost is not right yet: the report above says why")
made = nm.counting.count(pointwise_conv, pixel, mixing).multiplications
print(f"the example: {made} multiplications; M * N * D_G * D_G = {2 * 3 * 1 * 1}")

# %% [markdown] lang="en"
# You know a pointwise convolution from everyday life: it makes a grey image of a colour image. Each pixel becomes a weighted sum of its red, green and blue. Here are a red, a green and a white pixel.

# %% [markdown] lang="ko" of="2e8cebf7"
# 점별 합성곱은 일상에서도 볼 수 있습니다. 컬러 이미지를 흑백 이미지로 바꾸는 계산이 바로 점별 합성곱입니다. 픽셀마다 빨강, 초록, 파랑의 가중합을 구합니다. 빨간 픽셀, 초록 픽셀, 흰 픽셀을 하나씩 넣어 봅시다.

# %%
colours = np.array([[[[255.0, 0, 0], [0, 255, 0], [255, 255, 255]]]])  # (B, H, W, M) = (1, 1, 3, 3)
grey = np.array([[0.299], [0.587], [0.114]])  # (M, N) = (3, 1)
print(pointwise_conv(colours, grey).ravel())

# %% [markdown] lang="en"
# ## Task 3. Both steps together (1 point for the values, 2 for the cost)
#
# Write `separable_conv`: the depthwise step with its stride, then the pointwise step. You may use your two functions, and nothing has to be computed between them.
#
# <details><summary>Hint</summary>
#
# It is one line. Only the depthwise step has a stride.
#
# </details>

# %% [markdown] lang="ko" of="e3b8ecfa"
# ## 과제 3. 두 단계의 결합 (결과 1점, 연산량 2점)
#
# 함수 `separable_conv`를 작성하세요. 스트라이드가 있는 깊이별 단계를 먼저 하고 점별 단계를 이어서 합니다. 앞에서 작성한 두 함수를 써도 되고, 두 단계 사이에는 아무 계산도 필요 없습니다.
#
# <details><summary>힌트</summary>
#
# 한 줄이면 됩니다. 스트라이드는 깊이별 단계에만 있습니다.
#
# </details>


# %% write="separable"
def separable_conv(x, depthwise_kernel, pointwise_kernel, stride=1):
    """x (B, H, W, M), kernels (D_K, D_K, M) and (M, N) -> y (B, H', W', N), padding "same".

    >>> separable_conv(image, filters, mixing)[0, 0, 0].tolist()  # from the pixel (37, 2), as in task 2
    [37.0, 35.0, 20.0]
    """
    ### BEGIN SOLUTION
    return pointwise_conv(depthwise_conv(x, depthwise_kernel, stride), pointwise_kernel)
    ### END SOLUTION


# %% check="separable-values" points=1
report = nm.exercises.separable_conv(separable_conv)
display(report)
if not report.values:
    raise report.error or AssertionError("the values are not right yet: the report says where")

# %% check="separable-cost" points=2
report = nm.exercises.separable_conv(separable_conv)
if not report.cost:
    raise report.error or AssertionError("the cost is not right yet: the report above says why")
made = nm.counting.count(separable_conv, image, filters, mixing, stride=2).multiplications
print(f"with stride 2: {made} multiplications; depthwise step 32, pointwise step {2 * 3 * 2 * 2}")

# %% [markdown] lang="en"
# Now the ratio of lesson 2, $\frac{1}{N} + \frac{1}{D_K^2}$, from multiplications that your own code made. With $D_K = 3$ and $N = 16$, write down the fraction that you expect before you run the cell.

# %% [markdown] lang="ko" of="bca4b7d0"
# 이제 2강에서 유도한 비율 $\frac{1}{N} + \frac{1}{D_K^2}$을 여러분의 코드가 실제로 한 곱셈으로 확인해 봅시다. $D_K = 3$, $N = 16$입니다. 셀을 실행하기 전에 예상하는 분수를 적어 보세요.

# %%
D_K, M, N, D_F = 3, 4, 16, 6
x, d, p = np.ones((1, D_F, D_F, M)), np.ones((D_K, D_K, M)), np.ones((M, N))
yours = nm.counting.count(separable_conv, x, d, p).multiplications
standard = nm.cost.standard(D_K, M, N, D_F)
print(f"{yours:,} / {standard:,} = {Fraction(yours, standard)}")
print(f"1/N + 1/D_K^2 = {nm.cost.separable_ratio(D_K, N)}")

# %% [markdown] lang="en"
# ## Task 4. What does a layer cost? (2 + 2 points)
#
# Write `mult_adds` and `parameters`. Each takes one `layer` with the fields `kind`, `D_K`, `M`, `N` and `D_G`, and returns an `int` for one image: the mult-adds, and the numbers in the kernel (no bias, no batch norm).
# The kinds are `"standard"`, `"depthwise"`, `"pointwise"`, `"fully_connected"` and `"pool"`. A pool has neither mult-adds nor parameters.
#
# <details><summary>Hint</summary>
#
# Begin with the parameters: they are the size of the kernel. A convolution uses each parameter once for every output pixel, and a fully connected layer has one output pixel, $D_G = 1$. The paper writes $D_F$ where the side of the *output* is meant: with stride 2 this makes a difference.
#
# </details>

# %% [markdown] lang="ko" of="6f6b4cdc"
# ## 과제 4. 층의 연산량 (2점 + 2점)
#
# 함수 `mult_adds`와 `parameters`를 작성하세요. 둘 다 `layer` 하나를 받습니다. `layer`의 필드는 `kind`, `D_K`, `M`, `N`, `D_G`입니다. 이미지 한 장의 곱셈-누산 횟수와, 커널의 원소 개수(편향과 배치 정규화 제외)를 각각 `int`로 반환합니다.
# `kind`는 `"standard"`, `"depthwise"`, `"pointwise"`, `"fully_connected"`, `"pool"` 가운데 하나입니다. 풀링에는 곱셈-누산도 매개변수도 없습니다.
#
# <details><summary>힌트</summary>
#
# 매개변수 수부터 시작하세요. 커널의 원소 개수입니다. 합성곱은 출력 픽셀마다 매개변수를 한 번씩 씁니다. 완전 연결 층은 출력 픽셀이 하나뿐이므로 $D_G = 1$입니다. 논문의 식에는 **출력**의 한 변의 길이가 들어갈 자리에 $D_F$라고 되어 있습니다. 스트라이드가 2이면 둘은 다릅니다.
#
# </details>


# %% write="parameters"
def parameters(layer):
    """The numbers in the kernel of a layer.

    >>> parameters(nm.Layer("conv_dw_1", "depthwise", D_K=3, stride=2, M=32, N=32, D_F=112))  # 3 * 3 * 32
    288
    """
    ### BEGIN SOLUTION
    if layer.kind == "standard":
        return layer.D_K * layer.D_K * layer.M * layer.N
    if layer.kind == "depthwise":
        return layer.D_K * layer.D_K * layer.M
    return layer.M * layer.N if layer.kind in ("pointwise", "fully_connected") else 0
    ### END SOLUTION


# %% write="mult-adds"
def mult_adds(layer):
    """The mult-adds of a layer for one image.

    >>> mult_adds(nm.Layer("conv_dw_1", "depthwise", D_K=3, stride=2, M=32, N=32, D_F=112))  # 288 * 56 * 56
    903168
    """
    ### BEGIN SOLUTION
    return parameters(layer) * layer.D_G * layer.D_G
    ### END SOLUTION


# %% check="parameters-values" points=2
report = nm.exercises.parameters(parameters)
display(report)
if not report.passed:
    raise report.error or AssertionError("some layers are not right yet: the report says which")

# %% check="mult-adds-values" points=2
report = nm.exercises.mult_adds(mult_adds)
display(report)
if not report.passed:
    raise report.error or AssertionError("some layers are not right yet: the report says which")

# %% [markdown] lang="en"
# The paper prints 569 million mult-adds and 4.2 million parameters for MobileNet. Your functions, added up over its 29 layers:

# %% [markdown] lang="ko" of="33e8d068"
# 논문에 실린 MobileNet의 곱셈-누산은 5억 6,900만 번, 매개변수는 420만 개입니다. 여러분의 함수로 29개 층을 모두 더해 봅시다.

# %%
layers = nm.mobilenet()
print(f"{sum(mult_adds(layer) for layer in layers):,} mult-adds")
print(f"{sum(parameters(layer) for layer in layers):,} parameters")

# %% [markdown] lang="en"
# ## Task 5. When is the result the same? (2 points)
#
# Write `joined_kernel`: it takes the kernels of the two steps and returns the kernel of *one* standard convolution that gives the same result as both steps together. Only the kernels are multiplied; there is no image in this function.
#
# <details><summary>Hint</summary>
#
# Put the equation of task 1 into that of task 2, and compare it with equation 1 of the paper: what stands in the place of $K_{i,j,m,n}$? Use `np.newaxis` to give the depthwise kernel a fourth axis.
#
# </details>

# %% [markdown] lang="ko" of="9d812477"
# ## 과제 5. 결과가 같아지는 커널 (2점)
#
# 함수 `joined_kernel`을 작성하세요. 두 단계의 커널을 받아서, 두 단계를 합친 것과 결과가 같은 표준 합성곱 **하나**의 커널을 반환합니다. 커널끼리만 곱하고 이미지는 쓰지 않습니다.
#
# <details><summary>힌트</summary>
#
# 과제 1의 식을 과제 2의 식에 대입하고 논문의 식 1과 비교해 보세요. $K_{i,j,m,n}$의 자리에 무엇이 있나요? 깊이별 커널에 네 번째 축을 더하려면 `np.newaxis`를 쓰세요.
#
# </details>


# %% write="joined"
def joined_kernel(depthwise_kernel, pointwise_kernel):
    """Kernels (D_K, D_K, M) and (M, N) -> one kernel (D_K, D_K, M, N) of a standard convolution.

    >>> joined_kernel(filters, mixing)[:, :, 0, 1].tolist()  # kernel of channel 0, times P[0, 1] = 1
    [[1.0, 2.0], [3.0, 4.0]]
    """
    ### BEGIN SOLUTION
    return depthwise_kernel[:, :, :, np.newaxis] * pointwise_kernel
    ### END SOLUTION


# %% check="joined-values" points=2
rng = np.random.default_rng()  # other numbers in each run
x, d, p = rng.normal(size=(2, 6, 5, 3)), rng.normal(size=(3, 3, 3)), rng.normal(size=(3, 4))
K = joined_kernel(d, p)
assert np.shape(K) == (3, 3, 3, 4), f"the kernel must have the shape (D_K, D_K, M, N), but has {np.shape(K)}"
one_step, two_steps = nm.conv.standard_conv(x, K)[0], nm.conv.separable_conv(x, d, p)[0]
assert np.allclose(one_step, two_steps), "K[i, j, m, n] is one number of d times one of p: which ones?"

# %% [markdown] lang="en"
# The two steps can only replace a standard convolution whose kernel has this form. For each input channel, write the filters as the columns of a matrix of $D_K^2$ rows: in your kernel, all columns are multiples of one column, so the matrix has the rank 1. In a kernel of random numbers it has the rank $N$.

# %% [markdown] lang="ko" of="bd51f1ea"
# 두 단계로 바꿀 수 있는 것은 커널이 이런 형태인 표준 합성곱뿐입니다. 입력 채널마다 필터를 $D_K^2$행짜리 행렬의 열로 적어 보세요. 여러분의 커널에서는 모든 열이 한 열의 상수배이므로 랭크가 1입니다. 무작위 커널에서는 랭크가 $N$입니다.

# %%
rng = np.random.default_rng(0)
K, other = joined_kernel(rng.normal(size=(3, 3, 2)), rng.normal(size=(2, 4))), rng.normal(size=(3, 3, 2, 4))
for m in range(2):
    ranks = [int(np.linalg.matrix_rank(kernel[:, :, m].reshape(9, 4))) for kernel in (K, other)]
    print(f"input channel {m}: rank {ranks[0]} in your kernel, rank {ranks[1]} in a random one")

# %% [markdown] lang="en"
# ## Two questions
#
# **Why 1 (2 points).** A student writes a standard convolution with a kernel that is zero wherever the input channel and the output channel differ: `K[:, :, m, m] = kernel[:, :, m]`. Its values are those of a depthwise convolution. Why does the check of the cost refuse it, and by which factor is it too high for $M$ channels?
#
# Answer in two or three sentences:

# %% [markdown] lang="ko" of="2fded239"
# ## 이유를 묻는 질문
#
# **질문 1 (2점).** 어떤 학생이 표준 합성곱을 쓰면서, 입력 채널과 출력 채널이 다른 곳을 모두 0으로 채운 커널을 만들었습니다(`K[:, :, m, m] = kernel[:, :, m]`). 결과는 깊이별 합성곱과 같습니다. 그런데 연산량 검사를 왜 통과하지 못할까요? 채널이 $M$개일 때 연산량은 몇 배일까요?
#
# 두세 문장으로 답하세요.

# %% [markdown] lang="en" why="why-diagonal" points=2
# The zeros in the kernel are multiplied like all other numbers: a standard convolution multiplies every channel of the window with every filter, and a product with 0 is a multiplication too. For each output channel it makes $D_K^2 \cdot M$ products instead of $D_K^2$, so the cost is $M$ times too high, although only the values of one channel matter.

# %% [markdown] lang="ko" of="2033b2de" why="why-diagonal" points=2
# 커널에 있는 0도 다른 원소와 똑같이 곱합니다. 표준 합성곱은 윈도우의 모든 채널을 모든 필터와 곱하고, 0을 곱하는 것도 곱셈이기 때문입니다. 출력 채널 하나에 $D_K^2$번이 아니라 $D_K^2 \cdot M$번 곱하므로 연산량이 $M$배가 됩니다. 결과에 영향을 주는 것은 채널 하나뿐인데도 그렇습니다.

# %% [markdown] lang="en"
# **Why 2 (2 points).** With 3 x 3 kernels, no number of output channels makes the two steps 10 times cheaper than the standard convolution. Why not? Which of the two steps would you have to make cheaper first in a layer with $N = 512$?
#
# Answer in two or three sentences:

# %% [markdown] lang="ko" of="2f744d25"
# **질문 2 (2점).** 3 x 3 커널에서는 출력 채널 수를 아무리 바꾸어도 두 단계의 연산량이 표준 합성곱의 10분의 1까지 줄지 않습니다. 왜 그럴까요? $N = 512$인 층에서 연산량을 더 줄이려면 두 단계 가운데 어느 쪽을 먼저 줄여야 할까요?
#
# 두세 문장으로 답하세요.

# %% [markdown] lang="en" why="why-limit" points=2
# The ratio is $\frac{1}{N} + \frac{1}{9}$, and it is always larger than $\frac{1}{9}$: the pointwise step alone already makes one ninth of the products of the standard convolution. At $N = 512$ the pointwise step costs $512 / 9 \approx 57$ times as much as the depthwise step, so only a cheaper pointwise step helps.

# %% [markdown] lang="ko" of="01aba6b3" why="why-limit" points=2
# 비율은 $\frac{1}{N} + \frac{1}{9}$이고 언제나 $\frac{1}{9}$보다 큽니다. 점별 단계만으로도 이미 표준 합성곱의 9분의 1만큼 곱하기 때문입니다. $N = 512$이면 점별 단계의 연산량이 깊이별 단계의 $512 / 9 \approx 57$배이므로, 점별 단계를 줄여야 효과가 있습니다.
