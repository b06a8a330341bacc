# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # Lab 5. Eight bits
#
# In this lab you write the three steps that phones use to run MobileNet in integers: real numbers become 8-bit integers, a depthwise convolution adds up products of integers, and a large sum becomes 8 bits again with one integer product and one shift. Then your functions run a layer of a trained network.
# In integers there is no rounding by chance, so your results are compared **bit for bit**.
#
# After this lab you can
#
# - quantise real numbers with a scale and a zero point;
# - turn large sums back into 8 bits with a fixed-point multiplier;
# - write a convolution of integers, with the right padding and with sums that do not overflow;
# - say why the zero point is used for padding, and what rounding has to do with the accuracy of a network.
#
# About 75 minutes. You need: lesson 9, and the depthwise convolution of lab 2. The lab has 22 points.
#
# How to work: write your code in the cells that say "write your code here", then run the cells below them. A report says whether the values are right, what your function costs, and, where something is wrong, the likely mistake. You can check as often as you like.

# %% [markdown] lang="ko" of="10198f36"
# # 실습 5. 8비트
#
# 이번 실습에서는 휴대전화에서 MobileNet을 정수로 실행할 때 하는 세 가지 계산을 직접 작성합니다. 실수를 8비트 정수로 바꾸고, 깊이별 합성곱으로 정수의 곱을 더하고, 큰 합을 정수 곱셈 한 번과 시프트 한 번으로 다시 8비트로 바꿉니다. 마지막에는 여러분의 함수로 학습된 네트워크의 한 층을 실행합니다.
# 부동소수점과 달리 정수로 계산하면 더하는 순서를 바꾸어도 결과가 똑같습니다. 그래서 여러분의 결과를 **비트 단위로** 비교합니다.
#
# 이 실습을 마치면
#
# - 스케일과 영점을 써서 실수를 양자화할 수 있습니다.
# - 고정소수점 승수를 써서 큰 합을 다시 8비트로 바꿀 수 있습니다.
# - 패딩이 올바르고 합에서 오버플로(overflow)가 일어나지 않는 정수 합성곱을 작성할 수 있습니다.
# - 패딩에 왜 영점을 쓰는지, 반올림이 네트워크의 정확도와 무슨 관계가 있는지 말할 수 있습니다.
#
# 약 75분이 걸립니다. 9강의 내용과, 실습 2에서 작성한 깊이별 합성곱이 필요합니다. 모두 22점입니다.
#
# 실습 방법: "여기에 코드를 작성하세요"라고 적힌 셀에 코드를 작성하고, 그 아래의 셀을 실행하세요. 그러면 보고서가 출력됩니다. 결과가 맞는지, 연산량이 얼마인지 나와 있고, 틀린 곳이 있으면 의심되는 실수(mistake)도 나와 있습니다. 몇 번이든 다시 확인해도 됩니다.
#
# 보고서는 한국어로 나오지만, 그 밖의 출력과 오류 메시지는 영어로 나옵니다. 다음 표에서 뜻을 찾아보세요.
#
# | 출력 | 뜻 |
# |---|---|
# | ... not right yet | ... 아직 맞지 않음 |
# | the report says which, where | 어느 것인지, 어디인지는 보고서에 있음 |
# | the cost ..., the report above says why | 연산량이 ..., 이유는 위의 보고서에 있음 |
# | real, q, stands for, error | 실수, 정수, 정수가 나타내는 실수, 오차 |
# | mean error of your numbers | 여러분의 결과의 평균 오차 |
# | mean error without the half | 절반을 더하지 않았을 때의 평균 오차 |
# | steps | 칸 |
# | with stride 2 | 스트라이드 2일 때의 합 |
# | ... of ... integers are those of the package | 이 패키지의 결과와 같은 정수의 개수와 전체 개수 |
# | check tasks 2 and 3 | 과제 2와 3을 확인할 것 |

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
# ## Task 1. From real numbers to integers (4 points)
#
# Write `quantise`: each real number becomes the nearest of 256 integers. The integer `zero_point` stands for 0, and neighbours are `scale` apart:
#
# $$q = \text{round}(x / \text{scale}) + \text{zero\_point}$$
#
# Halves are rounded **away from 0** (2.5 becomes 3, and -2.5 becomes -3). What is below 0 or above 255 is cut off. The result is an array of `uint8`.
#
# <details><summary>Hint</summary>
#
# `np.round` rounds halves to the even neighbour, which is another rule. `np.floor(a + 0.5)` is right for positive numbers: apply it to the absolute values, and put the sign back with `np.copysign(result, x)`. Cut off with `np.clip` before you make `uint8` of the numbers.
#
# </details>

# %% [markdown] lang="ko" of="d667994b"
# ## 과제 1. 실수의 양자화 (4점)
#
# 함수 `quantise`를 작성하세요. 실수를 정수 256개 가운데 가장 가까운 것으로 바꿉니다. 정수 `zero_point`가 0을 나타내고, 이웃한 두 정수가 나타내는 실수의 간격은 `scale`입니다.
#
# $$q = \text{round}(x / \text{scale}) + \text{zero\_point}$$
#
# 나눈 결과의 소수 부분이 정확히 0.5이면 **0에서 먼 정수**로 반올림합니다(2.5는 3, -2.5는 -3). 0보다 작은 값은 0으로, 255보다 큰 값은 255로 잘라 냅니다. 결과는 `uint8` 배열입니다.
#
# <details><summary>힌트</summary>
#
# `np.round`는 소수 부분이 0.5이면 가까운 짝수로 반올림하므로 여기서 쓰는 규칙과 다릅니다. 양수라면 `np.floor(a + 0.5)`가 맞습니다. 절댓값에 적용한 뒤 `np.copysign(result, x)`로 부호를 되돌리세요. `np.clip`으로 먼저 잘라 낸 다음 `uint8`로 바꾸세요.
#
# </details>


# %% write="quantise"
def quantise(x, scale, zero_point):
    """x float array -> uint8 array of the same shape.

    >>> quantise(np.array([0.0, 1.25, -1.25, 100.0]), 0.5, 10)  # 0, 2.5, -2.5 and 200 steps of 0.5
    array([ 10,  13,   7, 210], dtype=uint8)
    """
    ### BEGIN SOLUTION
    steps = np.copysign(np.floor(np.abs(x / scale) + 0.5), x)
    return np.clip(steps + zero_point, 0, 255).astype(np.uint8)
    ### END SOLUTION


# %% check="quantise-values" points=4
report = nm.exercises.quantise(quantise)
display(report)
if not report.passed:
    raise report.error or AssertionError("some integers are not right yet: the report says which")

# %% [markdown] lang="en"
# How much is lost? The numbers of the first line become the integers of the second line, and these stand for the numbers of the third line. With a scale of $1/64$, an error of more than half a step, $1/128 = 0.0078$, is only possible where a number was cut off.

# %% [markdown] lang="ko" of="be0da4d3"
# 양자화하면 오차가 얼마나 생길까요? 첫째 줄의 실수가 둘째 줄의 정수가 되고, 그 정수가 나타내는 실수가 셋째 줄입니다. 스케일이 $1/64$이므로 오차는 최대 반 칸, 즉 $1/128 = 0.0078$입니다. 오차가 이보다 큰 것은 범위를 벗어나서 잘린 실수뿐입니다.

# %%
real = np.array([-1, -0.5, 0, 0.01, 0.02, 1, 2.9, 3.5])
q = quantise(real, 1 / 64, 64)
stands_for = (q.astype(int) - 64) / 64
for name, row in (("real", real), ("q", q), ("stands for", stands_for), ("error", abs(stands_for - real))):
    print(f"{name:10}", *(f"{number:8.4g}" for number in row))

# %% [markdown] lang="en"
# ## Task 2. From a large sum back to 8 bits (4 points)
#
# Write `requantise`: it multiplies sums by a real number with integers alone. The real number is given as $\text{multiplier} / 2^{\text{shift}}$, two integers. Add half of $2^{\text{shift}}$ to the product, shift it to the right, and add the zero point:
#
# $$q = \left\lfloor \frac{\text{total} \cdot \text{multiplier} + 2^{\text{shift} - 1}}{2^{\text{shift}}} \right\rfloor + \text{zero\_point}$$
#
# What is below 0 or above 255 is cut off. `total` is an array of `int32`, and the result is an array of `uint8`.
#
# <details><summary>Hint</summary>
#
# The product of two numbers of 32 bits needs 64 bits: begin with `total.astype(np.int64)`. `1 << n` is $2^n$, and `a >> n` divides by $2^n$ and rounds down.
#
# </details>

# %% [markdown] lang="ko" of="658f0eec"
# ## 과제 2. 8비트로 되돌리는 계산 (4점)
#
# 함수 `requantise`를 작성하세요. 정수만 써서 합(total)에 실수를 곱합니다. 곱할 실수는 정수 두 개를 써서 $\text{multiplier} / 2^{\text{shift}}$로 나타냅니다. 정수끼리 곱한 결과에 $2^{\text{shift}}$의 절반을 더하고, 오른쪽으로 시프트하고, 영점을 더합니다.
#
# $$q = \left\lfloor \frac{\text{total} \cdot \text{multiplier} + 2^{\text{shift} - 1}}{2^{\text{shift}}} \right\rfloor + \text{zero\_point}$$
#
# 0보다 작은 값은 0으로, 255보다 큰 값은 255로 잘라 냅니다. `total`은 `int32` 배열이고, 결과는 `uint8` 배열입니다.
#
# <details><summary>힌트</summary>
#
# 32비트 정수 두 개의 곱을 저장하려면 64비트가 필요합니다. `total.astype(np.int64)`로 시작하세요. `1 << n`은 $2^n$이고, `a >> n`은 $2^n$으로 나누어 버림합니다.
#
# </details>


# %% write="requantise"
def requantise(total, multiplier, shift, zero_point):
    """total int32 array -> uint8 array of the same shape.

    >>> total = np.array([256, -256, 100000], np.int32)  # times 0.0244: 6.25, -6.25, 2441
    >>> requantise(total, 1677721600, 36, 10)  # 1677721600 / 2**36 = 0.0244
    array([ 16,   4, 255], dtype=uint8)
    """
    ### BEGIN SOLUTION
    steps = (total.astype(np.int64) * multiplier + (1 << (shift - 1))) >> shift
    return np.clip(steps + zero_point, 0, 255).astype(np.uint8)
    ### END SOLUTION


# %% check="requantise-values" points=4
report = nm.exercises.requantise(requantise)
display(report)
if not report.passed:
    raise report.error or AssertionError("some integers are not right yet: the report says which")

# %% [markdown] lang="en"
# Why is a half added before the shift? The next cell multiplies the sums 0 to 799 by 0.31, once with the half and once without it. Without the half, each result is about half a step too small on average, and in a network such an error is added in every layer.

# %% [markdown] lang="ko" of="d8e46370"
# 시프트하기 전에 왜 절반을 더할까요? 다음 셀은 0부터 799까지의 합에 0.31을 곱합니다. 한 번은 절반(half)을 더하고, 한 번은 더하지 않습니다. 절반을 더하지 않으면 결과가 평균적으로 반 칸쯤 작아지고, 네트워크에서는 이런 오차가 층마다 더해집니다.

# %%
sums = np.arange(800, dtype=np.int32)
fixed, exponent = (int(part) for part in nm.integers.fixed_point(np.array(0.31)))
cut_off = (sums.astype(np.int64) * fixed) >> (31 - exponent)
yours = requantise(sums, fixed, 31 - exponent, 0)
print(f"mean error of your numbers: {(yours - 0.31 * sums).mean():+.3f} steps")
print(f"mean error without the half: {(cut_off - 0.31 * sums).mean():+.3f} steps")

# %% [markdown] lang="en"
# ## Task 3. A depthwise convolution of integers (values 4, cost 2 points)
#
# Write `integer_depthwise_conv`: `x` and `kernel` are arrays of `uint8`, each with its zero point. Subtract the zero points and compute the sums of the depthwise convolution, padding `"same"`, as an array of `int32`:
#
# $$\text{total}_{k,l,m} = \sum_{i,j} (K_{i,j,m} - z_K) \cdot (F_{k+i-1,\;l+j-1,\;m} - z_F)$$
#
# A padded pixel stands for the real number 0. `pad_same` puts a number of your choice around the images.
#
# <details><summary>Hint</summary>
#
# In `uint8`, $3 - 5$ is 254: make `int32` of both arrays before you subtract. Then the code is that of lab 2. You can pad `x` with its zero point before you subtract it, or pad with 0 afterwards; the sums are the same.
#
# </details>

# %% [markdown] lang="ko" of="d8f2e46b"
# ## 과제 3. 정수 깊이별 합성곱 (결과 4점, 연산량 2점)
#
# 함수 `integer_depthwise_conv`를 작성하세요. `x`와 `kernel`은 `uint8` 배열이고 영점이 하나씩 있습니다. 영점을 빼고 `"same"` 패딩으로 깊이별 합성곱의 합을 계산해서 `int32` 배열로 반환합니다.
#
# $$\text{total}_{k,l,m} = \sum_{i,j} (K_{i,j,m} - z_K) \cdot (F_{k+i-1,\;l+j-1,\;m} - z_F)$$
#
# 패딩한 픽셀은 실수 0을 나타내야 합니다. `pad_same`은 이미지 둘레에 원하는 숫자를 채웁니다.
#
# <details><summary>힌트</summary>
#
# `uint8`에서는 $3 - 5$가 254가 됩니다. 빼기 전에 두 배열을 `int32`로 바꾸세요. 그다음은 실습 2의 코드와 같습니다. 영점을 빼기 전에 `x`를 영점으로 패딩해도 되고, 뺀 다음에 0으로 패딩해도 됩니다. 합은 같습니다.
#
# </details>


# %%
def pad_same(x, D_K, stride, number=0):
    margins = []
    for side in x.shape[1:3]:  # the rows, then the columns
        missing = max((-(-side // stride) - 1) * stride + D_K - side, 0)
        margins.append((missing // 2, missing - missing // 2))
    return np.pad(x, ((0, 0), *margins, (0, 0)), constant_values=number)


image = np.arange(2, 11, dtype=np.uint8).reshape(1, 3, 3, 1)  # with the zero point 1: the numbers 1 to 9
filters = np.array([[3, 4], [5, 6]], np.uint8).reshape(2, 2, 1)  # with the zero point 2: 1, 2, 3 and 4


# %% write="integer-depthwise"
def integer_depthwise_conv(x, kernel, x_zero_point, kernel_zero_point, stride=1):
    """x (B, H, W, M) and kernel (D_K, D_K, M) of uint8 -> sums (B, H', W', M) of int32, padding "same".

    >>> integer_depthwise_conv(image, filters, 1, 2)[0, :, :, 0].tolist()  # 1*1 + 2*2 + 3*4 + 4*5 = 37
    [[37, 47, 21], [67, 77, 33], [23, 26, 9]]
    """
    ### BEGIN SOLUTION
    x, kernel = x.astype(np.int32) - x_zero_point, kernel.astype(np.int32) - kernel_zero_point
    D_K, rows, columns = len(kernel), -(-x.shape[1] // stride), -(-x.shape[2] // stride)
    padded = pad_same(x, D_K, stride)
    total = np.zeros((len(x), rows, columns, x.shape[3]), np.int32)
    for i, j in np.ndindex(D_K, D_K):
        total += padded[:, i : i + stride * rows : stride, j : j + stride * columns : stride] * kernel[i, j]
    return total
    ### END SOLUTION


# %% check="integer-depthwise-values" points=4
report = nm.exercises.integer_depthwise_conv(integer_depthwise_conv)
display(report)
if not report.values:
    raise report.error or AssertionError("the sums are not right yet: the report says where")

# %% check="integer-depthwise-cost" points=2
report = nm.exercises.integer_depthwise_conv(integer_depthwise_conv)
if not report.cost:
    raise report.error or AssertionError("the cost is not right yet: the report above says why")
print("with stride 2:", *integer_depthwise_conv(image, filters, 1, 2, stride=2).ravel())

# %% [markdown] lang="en"
# ## Task 4. A layer of a trained network (3 points)
#
# Nothing is to be written here: the next cell runs the layer `conv_dw_1` of the network that reads digits, with your functions. The network was quantised as in lesson 9. The layer has a multiplier and a bias for each channel, and ReLU6 cuts the result off. If your two functions are right, all 2,048 integers are those of the package.

# %% [markdown] lang="ko" of="1b70091b"
# ## 과제 4. 학습된 네트워크의 한 층 (3점)
#
# 여기서는 작성할 코드가 없습니다. 다음 셀은 손글씨 숫자를 인식하는 네트워크의 `conv_dw_1` 층을 여러분의 함수로 실행합니다. 네트워크는 9강에서처럼 양자화한 것입니다. 이 층에는 채널마다 승수와 편향이 있고, 결과는 ReLU6의 범위로 잘라 냅니다. 여러분의 두 함수가 맞다면 정수 2,048개가 모두 이 패키지의 결과와 같습니다.

# %%
digits, (images, labels) = nm.digits(), nm.digits_test()
network = nm.integers.quantise(digits, images[:100])
before = next(network.forward(network.input.quantise(images[:1]))).y  # after conv1: (1, 16, 16, 8)
layer = network.integers[1]


def unsigned(q):
    return (q.astype(np.int16) + 128).astype(np.uint8)  # this network has int8, from -128 to 127


def run_layer():
    x, kernel = unsigned(before), unsigned(layer.kernel)
    total = integer_depthwise_conv(x, kernel, layer.x.zero + 128, 128) + layer.bias
    channels = []
    for m, (fixed, exponent) in enumerate(zip(*layer.multiplier)):
        channels.append(requantise(total[..., m], int(fixed), 31 - int(exponent), layer.y.zero + 128))
    lowest, highest = layer.limits  # what stands for 0 and for 6: ReLU6
    return np.clip(np.stack(channels, axis=-1), lowest + 128, highest + 128)


# %% check="layer" points=3
mine, expected = run_layer(), unsigned(layer.run(before, rounding="once")[0])
print(f"{(mine == expected).sum():,} of {expected.size:,} integers are those of the package")
assert np.array_equal(mine, expected), "a sum or a rounding is not right yet: check tasks 2 and 3"

# %% [markdown] lang="en"
# The figure shows what the integers stand for: channels of the first depthwise layer, computed without a floating-point number.

# %% [markdown] lang="ko" of="6bcdaf07"
# 다음 그림은 이 정수가 나타내는 실수입니다. 부동소수점 수를 전혀 쓰지 않고 계산한 첫 번째 깊이별 층의 출력 채널입니다.

# %%
nm.plots.feature_maps(layer.y.dequantise(run_layer().astype(int) - 128))

# %% [markdown] lang="en"
# ## Two questions
#
# **Why 1 (2 points).** The images are `uint8` with the zero point 128. A student pads them with the integer 0 before the zero point is subtracted. Which pixels of the output are wrong, and what do these zeros stand for at a scale of $1/128$?
#
# Answer in two or three sentences:

# %% [markdown] lang="ko" of="87bf885a"
# ## 이유를 묻는 질문
#
# **질문 1 (2점).** 이미지는 `uint8`이고 영점은 128입니다. 어떤 학생이 영점을 빼기 전에 정수 0으로 패딩했습니다. 출력의 어느 픽셀이 틀릴까요? 스케일이 $1/128$이면 이 학생이 채운 0은 어떤 실수를 나타낼까요?
#
# 두세 문장으로 답하세요.

# %% [markdown] lang="en" why="why-padding" points=2
# The integer 0 stands for $(0 - 128) / 128 = -1$: around the image there is a frame of -1 instead of 0. All output pixels whose window reaches over the edge are wrong; those in the inside are right, so the mistake is easily overlooked. Padding must be done with the zero point, because it is the integer that stands for 0.

# %% [markdown] lang="ko" of="0b6f0970" why="why-padding" points=2
# 정수 0이 나타내는 실수는 $(0 - 128) / 128 = -1$입니다. 이미지 둘레에 0이 아니라 -1로 된 테두리가 생긴 셈입니다. 윈도우가 가장자리 밖으로 나가는 출력 픽셀은 모두 틀리고 안쪽은 맞아서, 잘못되었다는 것을 알아차리기 어렵습니다. 0을 나타내는 정수는 영점이므로 영점으로 패딩해야 합니다.

# %% [markdown] lang="en"
# **Why 2 (3 points).** A depthwise sum with a 3 x 3 kernel has 9 products of two numbers between -255 and 255. How many bits does the sum need, and why is an array of `int16` not enough? Do 8-bit integers make fewer mult-adds than `float32` numbers, or what do they save?
#
# Answer in two or three sentences:

# %% [markdown] lang="ko" of="8a4ffa97"
# **질문 2 (3점).** 3 x 3 커널을 쓰는 깊이별 합성곱의 합은 -255~255인 두 수의 곱 9개를 더한 것입니다. 이 합을 저장하려면 몇 비트가 필요하고, `int16` 배열로는 왜 부족할까요? 8비트 정수를 쓰면 `float32`보다 곱셈-누산이 줄어들까요? 아니라면 무엇이 줄어들까요?
#
# 두세 문장으로 답하세요.

# %% [markdown] lang="en" why="why-bits" points=3
# The sum can be as large as $9 \cdot 255 \cdot 255 = 585{,}225$, which is between $2^{19}$ and $2^{20}$; with its sign it needs 21 bits. An `int16` ends at 32,767, so it would overflow without any message. The mult-adds are as many as before: what is saved are bytes (one instead of four for each weight and each value of a feature map), and with them memory, transport and energy for each mult-add.

# %% [markdown] lang="ko" of="871373cb" why="why-bits" points=3
# 합은 $9 \cdot 255 \cdot 255 = 585{,}225$까지 커질 수 있고, 이것은 $2^{19}$과 $2^{20}$ 사이이므로 부호까지 21비트가 필요합니다. `int16`에는 32,767까지만 저장할 수 있어서, 아무 메시지 없이 오버플로가 일어납니다. 곱셈-누산 횟수는 그대로입니다. 줄어드는 것은 바이트입니다. 가중치와 특징 맵의 원소가 4바이트에서 1바이트가 되고, 그만큼 메모리와 데이터 이동, 곱셈-누산 한 번에 드는 에너지가 줄어듭니다.
