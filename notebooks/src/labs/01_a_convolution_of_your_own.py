# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # Lab 1. A convolution of your own
#
# In this lab you write a standard convolution in four small functions: how large the output is, how many zeros go around the image, how the windows are copied, and how one matrix product computes all outputs.
# The convolution is finished when its values are right **and** it makes no more multiplications than the definition.
#
# After this lab you can
#
# - compute the side of the output for every stride and three kinds of padding;
# - write im2col with slices, without a loop over the windows;
# - write a standard convolution with one matrix product, and count its multiplications;
# - say what goes wrong if the zeros are on the wrong side of the image.
#
# About 75 minutes. You need: lesson 1. The lab has 20 points.
#
# How to work: write your code in the cells that say "write your code here", then run the cells below them. A report says whether the values are right, what your function costs, and, where something is wrong, the likely mistake. You can check as often as you like.

# %% [markdown] lang="ko" of="8794df9c"
# # 실습 1. 직접 만드는 합성곱
#
# 이번 실습에서는 표준 합성곱을 작은 함수 네 개로 나누어 직접 작성합니다. 출력의 크기를 구하고, 이미지 둘레에 채울 0의 개수를 구하고, 윈도우를 복사하고, 행렬 곱 한 번으로 출력을 모두 계산합니다.
# 결과가 맞을 뿐만 아니라 **곱셈도 정의보다 많이 하지 않아야** 합성곱이 완성된 것입니다.
#
# 이 실습을 마치면
#
# - 모든 스트라이드와 세 가지 패딩에서 출력의 한 변의 길이를 구할 수 있습니다.
# - 윈도우를 하나씩 도는 반복문 없이 슬라이싱으로 im2col을 작성할 수 있습니다.
# - 행렬 곱 한 번으로 표준 합성곱을 작성하고 곱셈 횟수를 셀 수 있습니다.
# - 0을 이미지의 반대쪽에 채우면 무엇이 잘못되는지 말할 수 있습니다.
#
# 약 75분이 걸립니다. 1강의 내용을 알고 있으면 됩니다. 모두 20점입니다.
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
# | the zeros are ..., but yours are ... | 0의 개수는 ...인데 여러분의 결과는 ...임 |
# | right in all ... examples | 예 ...개에서 모두 맞음 |
# | im2col should only copy | im2col은 복사만 해야 함 |
# | with stride 2: ... multiplications | 스트라이드 2일 때 곱셈 ...번 |

# %%
WHEEL = ""  # in Colab or JupyterLite: the address of npmobile's wheel, or the name of the file that you uploaded
try:
    import npmobile as nm
except ImportError as error:
    if not WHEEL:
        raise ImportError("install npmobile first: pip install . in its folder, or name its wheel above") from error
    # %pip install -q {WHEEL}
    import npmobile as nm
import numpy as np
from IPython.display import display

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## Task 1. How large is the output? (3 points)
#
# Write `output_side`: the side $D_G$ of the output, from the side $D_F$ of the image, the side $D_K$ of the kernel, the stride $s$ and the kind of padding.
#
# | padding | zeros | $D_G$ |
# |---|---|---|
# | `"valid"` | none | $\lfloor (D_F - D_K) / s \rfloor + 1$ |
# | `"same"` | as TensorFlow does it: as many as are needed | $\lceil D_F / s \rceil$ |
# | `"symmetric"` | as PyTorch does it: $\lfloor D_K / 2 \rfloor$ on every side | the first formula, for an image that is larger by these zeros |
#
# <details><summary>Hint</summary>
#
# In Python, `a // b` rounds the quotient down, and `-(-a // b)` rounds it up. With `"symmetric"`, the padded image has the side $D_F + 2 \lfloor D_K / 2 \rfloor$.
#
# </details>

# %% [markdown] lang="ko" of="e0e2ef9f"
# ## 과제 1. 출력의 크기 (3점)
#
# 함수 `output_side`를 작성하세요. 이미지의 한 변의 길이 $D_F$, 커널의 한 변의 길이 $D_K$, 스트라이드 $s$, 패딩의 종류를 받아서 출력의 한 변의 길이 $D_G$를 반환합니다.
#
# | 패딩 | 채우는 0 | $D_G$ |
# |---|---|---|
# | `"valid"` | 없음 | $\lfloor (D_F - D_K) / s \rfloor + 1$ |
# | `"same"` | TensorFlow 방식: 필요한 만큼만 | $\lceil D_F / s \rceil$ |
# | `"symmetric"` | PyTorch 방식: 사방에 $\lfloor D_K / 2 \rfloor$씩 | 0을 채워 커진 이미지에 첫 번째 식을 적용 |
#
# <details><summary>힌트</summary>
#
# 파이썬에서 `a // b`는 나눈 결과를 버림하고, `-(-a // b)`는 올림합니다. `"symmetric"`이면 패딩한 이미지의 한 변의 길이가 $D_F + 2 \lfloor D_K / 2 \rfloor$입니다.
#
# </details>


# %% write="output-side"
def output_side(D_F, D_K, stride, padding):
    """The side of the output, an int.

    >>> output_side(6, 3, 2, "valid"), output_side(5, 3, 2, "same"), output_side(4, 2, 1, "symmetric")
    (2, 3, 5)
    """
    ### BEGIN SOLUTION
    if padding == "same":
        return -(-D_F // stride)
    margin = D_K // 2 if padding == "symmetric" else 0
    return (D_F + 2 * margin - D_K) // stride + 1
    ### END SOLUTION


# %% check="output-side-values" points=3
report = nm.exercises.output_side(output_side)
display(report)
if not report.passed:
    raise report.error or AssertionError("some sides are not right yet: the report says which")

# %% [markdown] lang="en"
# MobileNet has five layers of stride 2. Here are the sides of its feature maps for an image of 224 pixels, and for one of 225. The last layers read 7 x 7 pixels in the first case. And in the second?

# %% [markdown] lang="ko" of="87fcb4cf"
# MobileNet에는 스트라이드가 2인 층이 다섯 개 있습니다. 이미지의 한 변의 길이가 224픽셀일 때와 225픽셀일 때 특징 맵의 크기가 어떻게 달라지는지 봅시다. 224픽셀이면 마지막 층들의 입력은 7 x 7 픽셀입니다. 225픽셀이면 어떨까요?

# %%
for side in (224, 225):
    sides = [side]
    for _ in range(5):
        sides.append(output_side(sides[-1], 3, 2, "same"))
    print(sides)

# %% [markdown] lang="en"
# ## Task 2. Where do the zeros go? (2 points)
#
# Write `zeros`: how many zeros `"same"` puts before the first pixel of a row, and how many after the last one. The windows reach from the first pixel of the first window to the last pixel of the last window, that is over $(D_G - 1) \cdot s + D_K$ pixels. What is missing is split into two halves, and if their number is odd, the larger half goes *after* the image.
#
# <details><summary>Hint</summary>
#
# Compute $D_G$ first, then the number of missing pixels. With stride 3 and a kernel of 1 x 1 it would be negative: then no zeros are needed.
#
# </details>

# %% [markdown] lang="ko" of="c7adc6c6"
# ## 과제 2. 0을 채우는 위치 (2점)
#
# 함수 `zeros`를 작성하세요. `"same"` 패딩이 한 행의 첫 번째 픽셀 앞에 0을 몇 개, 마지막 픽셀 뒤에 몇 개 채우는지 반환합니다. 첫 번째 윈도우의 첫 픽셀부터 마지막 윈도우의 끝 픽셀까지는 $(D_G - 1) \cdot s + D_K$픽셀입니다. 이미지에서 모자라는 픽셀 수만큼 0을 앞뒤에 절반씩 나누어 채웁니다. 그 개수가 홀수이면 남는 하나는 이미지의 **뒤에** 채웁니다.
#
# <details><summary>힌트</summary>
#
# $D_G$를 먼저 구하고, 모자라는 픽셀의 개수를 구하세요. 스트라이드가 3이고 커널이 1 x 1이면 이 개수가 음수로 나옵니다. 이때는 0을 채우지 않습니다.
#
# </details>


# %% write="zeros"
def zeros(D_F, D_K, stride):
    """Zeros (before, after) of "same".

    >>> zeros(3, 2, 1), zeros(4, 3, 2), zeros(5, 3, 2)  # 1 missing pixel, 1 missing, 2 missing
    ((0, 1), (0, 1), (1, 1))
    """
    ### BEGIN SOLUTION
    D_G = -(-D_F // stride)
    missing = max((D_G - 1) * stride + D_K - D_F, 0)
    return missing // 2, missing - missing // 2
    ### END SOLUTION


# %% check="zeros-values" points=2
examples = {(3, 2, 1): (0, 1), (4, 3, 2): (0, 1), (5, 3, 2): (1, 1), (6, 3, 1): (1, 1), (7, 5, 1): (2, 2)}
examples |= {(224, 3, 2): (0, 1), (6, 4, 1): (1, 2), (6, 1, 1): (0, 0), (7, 1, 3): (0, 0), (5, 1, 3): (0, 0)}
for sizes, expected in examples.items():
    mine = zeros(*sizes)
    assert mine == expected, f"D_F, D_K, stride = {sizes}: the zeros are {expected}, but yours are {mine}"
print(f"right in all {len(examples)} examples")

# %% [markdown] lang="en"
# The figure shows an image of 4 x 4 pixels with stride 2, as the package pads it. Your function must give the same number of zeros before and after the image.

# %% [markdown] lang="ko" of="9929740e"
# 다음 그림은 4 x 4 픽셀 이미지를 스트라이드 2로 합성곱할 때의 패딩을 이 패키지로 그린 것입니다. 이미지 앞과 뒤에 채우는 0의 개수(출력의 zeros before and after)를 여러분의 함수로 구하면 그림과 같아야 합니다.

# %%
print("zeros before and after:", zeros(4, 3, 2))
nm.plots.windows(np.arange(1.0, 17.0).reshape(4, 4), D_K=3, window=3, stride=2, padding="same")

# %% [markdown] lang="en"
# ## Task 3. Copy the windows (values 2, cost 1 points)
#
# Write `im2col`: it pads the images as `"same"` does and returns every window. Axis 1 and 2 say which window, axis 3 and 4 which position in the window. `im2col` only copies, so it makes no multiplication.
#
# <details><summary>Hint</summary>
#
# Do not iterate over the windows. The pixels at position $(i, j)$ of *all* windows are a part of the padded image: it begins at row $i$ and column $j$ and takes every $s$-th row and column. With `rows` windows below each other, these are the rows `i : i + s * rows : s`. So the two loops run over $i$ and $j$. `np.pad(x, ((0, 0), (a, b), (c, d), (0, 0)))` adds `a` rows of zeros above, `b` below, `c` columns at the left and `d` at the right.
#
# </details>

# %% [markdown] lang="ko" of="7b0e7eda"
# ## 과제 3. 윈도우의 복사 (결과 2점, 연산량 1점)
#
# 함수 `im2col`을 작성하세요. 이미지를 `"same"` 방식으로 패딩하고 모든 윈도우를 반환합니다. 1번과 2번 축은 몇 번째 윈도우인지, 3번과 4번 축은 윈도우 안의 위치를 나타냅니다. `im2col`은 복사만 하므로 곱셈을 하지 않습니다.
#
# <details><summary>힌트</summary>
#
# 윈도우를 하나씩 도는 반복문은 쓰지 마세요. **모든** 윈도우에서 $(i, j)$ 위치의 픽셀을 모으면 패딩한 이미지의 일부분이 됩니다. $i$행 $j$열에서 시작해서 행과 열을 $s$개마다 하나씩 고른 것입니다. 윈도우가 세로로 `rows`개이면 행은 `i : i + s * rows : s`입니다. 그래서 반복문은 $i$와 $j$에 대한 두 개뿐입니다. `np.pad(x, ((0, 0), (a, b), (c, d), (0, 0)))`는 0을 위에 `a`행, 아래에 `b`행, 왼쪽에 `c`열, 오른쪽에 `d`열 채웁니다.
#
# </details>

# %%
image = np.arange(1.0, 10.0).reshape(1, 3, 3, 1)  # (B, H, W, M): the image of lesson 1


# %% write="im2col"
def im2col(x, D_K, stride=1):
    """x (B, H, W, M) -> every window, (B, H', W', D_K, D_K, M), padding "same".

    >>> im2col(image, 2)[0, 0, 0, :, :, 0].tolist(), im2col(image, 2)[0, 2, 2, :, :, 0].tolist()
    ([[1.0, 2.0], [4.0, 5.0]], [[9.0, 0.0], [0.0, 0.0]])
    """
    ### BEGIN SOLUTION
    B, H, W, M = x.shape
    rows, columns = -(-H // stride), -(-W // stride)
    padded = np.pad(x, ((0, 0), zeros(H, D_K, stride), zeros(W, D_K, stride), (0, 0)))
    windows = np.zeros((B, rows, columns, D_K, D_K, M), x.dtype)
    for i, j in np.ndindex(D_K, D_K):
        windows[:, :, :, i, j] = padded[:, i : i + stride * rows : stride, j : j + stride * columns : stride]
    return windows
    ### END SOLUTION


# %% check="im2col-values" points=2
report = nm.exercises.im2col(im2col)
display(report)
if not report.values:
    raise report.error or AssertionError("the values are not right yet: the report says where")

# %% check="im2col-cost" points=1
report = nm.exercises.im2col(im2col)
if not report.cost:
    raise report.error or AssertionError("im2col should only copy: the report above says what it computes")
made = nm.counting.count(im2col, image, 2, stride=2).multiplications
print(f"with stride 2: {made} multiplications")

# %% [markdown] lang="en"
# The figure shows the windows of the example as the package copies them: each row of the table is one flattened window. Your matrix, printed below it, must have the same rows.

# %% [markdown] lang="ko" of="0b3c669c"
# 다음 그림은 예제의 윈도우를 이 패키지로 복사한 것입니다. 표의 한 행이 펼친 윈도우 하나입니다. 그 아래에 출력되는 여러분의 행렬도 행마다 이 표와 같아야 합니다.

# %%
nm.plots.windows(image[0, :, :, 0], D_K=2, window=8, padding="same")

# %%
im2col(image, 2).reshape(9, 4)  # (1, 3, 3, 2, 2, 1) -> 9 windows, 4 numbers each

# %% [markdown] lang="en"
# ## Task 4. The standard convolution (values 3, cost 4 points)
#
# Write `standard_conv`: the kernel has the shape `(D_K, D_K, M, N)`, and every filter uses all channels of the window. Use your `im2col` and one matrix product, or loops if you like; both are right.
#
# $$G_{k,l,n} = \sum_{i,j,m} K_{i,j,m,n} \cdot F_{k+i-1,\;l+j-1,\;m}$$
#
# <details><summary>Hint</summary>
#
# Reshape the windows to a matrix of $B H' W'$ rows and $D_K D_K M$ columns, and the kernel to $D_K D_K M$ rows and $N$ columns. The product has one row for each window. Reshape it to `(B, H', W', N)`.
#
# </details>

# %% [markdown] lang="ko" of="f23cc791"
# ## 과제 4. 표준 합성곱 (결과 3점, 연산량 4점)
#
# 함수 `standard_conv`를 작성하세요. 커널의 형상은 `(D_K, D_K, M, N)`이고, 필터마다 윈도우의 모든 채널에 커널의 원소를 곱해서 더합니다. 앞에서 작성한 `im2col`과 행렬 곱 한 번으로 계산하세요. 반복문으로 계산해도 맞습니다.
#
# $$G_{k,l,n} = \sum_{i,j,m} K_{i,j,m,n} \cdot F_{k+i-1,\;l+j-1,\;m}$$
#
# <details><summary>힌트</summary>
#
# 윈도우의 형상을 $B H' W'$행, $D_K D_K M$열의 행렬로, 커널의 형상을 $D_K D_K M$행, $N$열의 행렬로 바꾸세요(reshape). 두 행렬을 곱하면 윈도우마다 한 행이 나옵니다. 그 결과의 형상을 `(B, H', W', N)`으로 바꾸세요.
#
# </details>

# %%
kernel = np.array([[1.0, 2], [3, 4]]).reshape(2, 2, 1, 1)  # (D_K, D_K, M, N): the kernel of lesson 1


# %% write="standard"
def standard_conv(x, kernel, stride=1):
    """x (B, H, W, M), kernel (D_K, D_K, M, N) -> y (B, H', W', N), padding "same".

    >>> standard_conv(image, kernel)[0, :, :, 0].tolist()  # the first number: 1*1 + 2*2 + 3*4 + 4*5
    [[37.0, 47.0, 21.0], [67.0, 77.0, 33.0], [23.0, 26.0, 9.0]]
    """
    ### BEGIN SOLUTION
    D_K, _, M, N = kernel.shape
    windows = im2col(x, D_K, stride)  # (B, H', W', D_K, D_K, M)
    B, rows, columns = windows.shape[:3]
    y = windows.reshape(B * rows * columns, D_K * D_K * M) @ kernel.reshape(D_K * D_K * M, N)
    return y.reshape(B, rows, columns, N)
    ### END SOLUTION


# %% check="standard-values" points=3
report = nm.exercises.standard_conv(standard_conv)
display(report)
if not report.values:
    raise report.error or AssertionError("the values are not right yet: the report says where")

# %% check="standard-cost" points=4
report = nm.exercises.standard_conv(standard_conv)
if not report.cost:
    raise report.error or AssertionError("the cost is not right yet: the report above says why")
made = nm.counting.count(standard_conv, image, kernel, stride=2).multiplications
print(f"with stride 2: {made} multiplications; D_K * D_K * M * N * D_G * D_G = {2 * 2 * 1 * 1 * 2 * 2}")

# %% [markdown] lang="en"
# Is it right? Then the next figure shows one handwritten digit in three ways. Filter 0 computes a mean, which blurs the digit. Filter 1 marks the upper edges of the strokes, and filter 2 the left edges. White is a 0 or less. With stride 2, the output has half the side: try `stride=2` in the last line.

# %% [markdown] lang="ko" of="6baa5f48"
# 함수가 맞다면 다음 그림에서 손글씨 숫자 하나가 세 가지 모습으로 나옵니다. 0번 필터는 평균을 구하므로 숫자가 흐려집니다. 1번 필터로는 획의 위쪽 경계가, 2번 필터로는 왼쪽 경계가 나타납니다. 흰색은 0 이하인 곳입니다. 스트라이드가 2이면 출력의 한 변의 길이가 절반이 됩니다. 마지막 줄에 `stride=2`를 넣어 보세요.

# %%
x, labels = nm.digits_test()
upper = np.array([[-1.0, -1, -1], [0, 0, 0], [1, 1, 1]]) / 3
three = np.stack([np.full((3, 3), 1 / 9), upper, upper.T], axis=-1)  # (3, 3, N)
three = np.repeat(three[:, :, np.newaxis] / 3, 3, axis=2).astype(np.float32)  # (3, 3, N) -> (3, 3, M, N)
nm.plots.feature_maps(np.maximum(standard_conv(x[:1] + 1, three), 0), channels=3)

# %% [markdown] lang="en"
# ## Two questions
#
# **Why 1 (2 points).** An image has 224 x 224 pixels, the kernel 3 x 3, the stride is 2. TensorFlow puts one row of zeros below the image and none above; PyTorch puts one row above and one below. Both outputs have 112 rows. A network was trained in TensorFlow, and a student runs it with PyTorch's padding. Why is there no error message, and why are the values different?
#
# Answer in two or three sentences:

# %% [markdown] lang="ko" of="8980e5a5"
# ## 이유를 묻는 질문
#
# **질문 1 (2점).** 이미지는 224 x 224 픽셀, 커널은 3 x 3, 스트라이드는 2입니다. TensorFlow는 이미지의 위에는 0을 채우지 않고 아래에 한 행을 채웁니다. PyTorch는 위와 아래에 한 행씩 채웁니다. 출력은 둘 다 112행입니다. TensorFlow로 학습한 네트워크를 어떤 학생이 PyTorch의 패딩으로 실행했습니다. 오류 메시지가 나오지 않는 이유는 무엇이고, 값이 달라지는 이유는 무엇일까요?
#
# 두세 문장으로 답하세요.

# %% [markdown] lang="en" why="why-padding" points=2
# The output has the same shape, and all later layers fit, so nothing can be refused. But every window begins one row higher and one column further left than in training: it covers the rows -1, 0, 1 instead of 0, 1, 2. So each filter is multiplied with other pixels, and the values are different in the whole feature map, not only at the edge.

# %% [markdown] lang="ko" of="447ddac7" why="why-padding" points=2
# 출력의 형상이 같아서 그다음 층도 모두 그대로 계산되므로 오류가 날 곳이 없습니다. 하지만 모든 윈도우가 학습할 때보다 한 행 위, 한 열 왼쪽에서 시작합니다. 예를 들어 첫 번째 윈도우는 0, 1, 2번 행이 아니라 -1, 0, 1번 행을 덮습니다. 필터의 원소마다 다른 픽셀과 곱해지므로 가장자리뿐만 아니라 특징 맵 전체에서 값이 달라집니다.

# %% [markdown] lang="en"
# **Why 2 (3 points).** The im2col matrix of a 3 x 3 kernel with stride 1 holds nine times as many numbers as the image, and the matrix product makes exactly as many mult-adds as the loops. Why is it nevertheless so much faster in Python, and for which kernel size is im2col not needed at all?
#
# Answer in two or three sentences:

# %% [markdown] lang="ko" of="7f8cccf5"
# **질문 2 (3점).** 커널이 3 x 3이고 스트라이드가 1이면 im2col 행렬의 원소는 이미지의 아홉 배이고, 행렬 곱의 곱셈-누산 횟수는 반복문과 똑같습니다. 그런데도 파이썬에서 훨씬 빠른 이유는 무엇일까요? 그리고 커널의 크기가 얼마일 때 im2col이 전혀 필요하지 않을까요?
#
# 두세 문장으로 답하세요.

# %% [markdown] lang="en" why="why-im2col" points=3
# In a Python loop nearly all of the time is spent on the interpreter: fetching each number, finding out its type, running the next line. One matrix product is a single call of compiled code, which makes several mult-adds at once and keeps its numbers in the fast memory of the processor. With a kernel of 1 x 1 and stride 1 every window is one pixel, so the image itself already is the matrix.

# %% [markdown] lang="ko" of="9b9807ba" why="why-im2col" points=3
# 파이썬 반복문에서는 시간의 대부분이 곱셈이 아니라 인터프리터에 듭니다. 숫자를 하나씩 꺼내고, 자료형을 확인하고, 다음 줄을 실행하는 데 걸리는 시간입니다. 행렬 곱은 컴파일된 코드를 한 번 호출할 뿐입니다. 이 코드에서는 곱셈-누산을 한 번에 여러 개씩 하고, 숫자를 프로세서의 빠른 메모리에 두고 씁니다. 커널이 1 x 1이고 스트라이드가 1이면 윈도우 하나가 픽셀 하나이므로 이미지가 이미 그 행렬입니다.
