# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # Lab 3. A network of your own
#
# In this lab you write the table of MobileNet's layers for every width and every resolution, fold batch norm into the kernels, and run the whole network on your own convolutions. At the end your network reads handwritten digits with trained weights.
#
# After this lab you can
#
# - write MobileNet as a table in which each row follows from the row above;
# - say what the width multiplier $\alpha$ and the resolution change in the table, and what they leave as it is;
# - fold batch norm into a convolution;
# - write the forward pass of a network.
#
# About 90 minutes. You need: lesson 3, and your functions from labs 1 and 2. The lab has 22 points.
#
# How to work: write your code in the cells that say "write your code here", then run the cells below them. A report says whether the values are right, what your function costs, and, where something is wrong, the likely mistake. You can check as often as you like.

# %% [markdown] lang="ko" of="2b6c81d5"
# # 실습 3. 직접 만드는 네트워크
#
# 이번 실습에서는 너비와 해상도가 주어지면 MobileNet의 층을 표로 쓰는 함수를 작성하고, 배치 정규화를 커널에 병합하고, 직접 작성한 합성곱으로 네트워크 전체를 실행합니다. 마지막에는 여러분의 네트워크에 학습된 가중치를 넣어 손글씨 숫자를 인식합니다.
#
# 이 실습을 마치면
#
# - MobileNet을 표로 쓰고, 각 행을 바로 위 행에서 구할 수 있습니다.
# - 너비 승수 $\alpha$와 해상도에 따라 표에서 무엇이 바뀌고 무엇이 그대로인지 말할 수 있습니다.
# - 배치 정규화를 합성곱에 병합할 수 있습니다.
# - 네트워크의 순전파를 작성할 수 있습니다.
#
# 약 90분이 걸립니다. 3강의 내용과, 실습 1과 2에서 작성한 함수가 필요합니다. 모두 22점입니다.
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
# | values and cost must be right: read the report | 결과와 연산량이 모두 맞아야 함: 보고서를 읽을 것 |
# | mult-adds, parameters | 곱셈-누산 횟수, 매개변수 수 |
# | batch norm, folded | 배치 정규화로 계산한 결과, 병합한 커널로 계산한 결과 |
# | the scores must have the shape ..., but have ... | 점수의 형상이 ...이어야 하는데 ...임 |
# | the scores are not those of the package | 점수가 이 패키지의 점수와 다름 |
# | the first 20 | 처음 20장의 답 |
# | ... of ... are right | 맞힌 이미지 수와 전체 이미지 수 |
# | ... read as ... | 레이블과 네트워크의 답 |

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
# ## Task 1. The table of the layers (4 points)
#
# Write `mobilenet`: a list of 29 rows `(kind, D_K, stride, M, N, D_F)`. `nm.BLOCKS` holds the output channels $N$ and the stride of the 13 blocks.
#
# - The first row is a `"standard"` convolution, 3 x 3, stride 2, from 3 channels to 32.
# - Each block is a `"depthwise"` convolution, 3 x 3, with the stride of the block, and a `"pointwise"` convolution, 1 x 1, stride 1.
# - The `"pool"` averages each channel: its $D_K$ is its $D_F$, its stride is 1, and $N = M$. After it the side is 1.
# - The last row is `"fully_connected"`: $D_K = 1$, stride 1, and one output for each of the `classes`.
#
# All numbers of output channels except the classes are multiplied by `alpha` and then **cut off** to a whole number of at least 1. The padding is `"same"`, so a layer of stride $s$ has the output side $\lceil D_F / s \rceil$.
#
# <details><summary>Hint</summary>
#
# Two variables are enough: the channels and the side that the last row gives. Each new row takes its $M$ and its $D_F$ from them, and then they change. `int(...)` cuts off, and `-(-a // b)` rounds a quotient up.
#
# </details>

# %% [markdown] lang="ko" of="9540dfb6"
# ## 과제 1. 층의 표 (4점)
#
# 함수 `mobilenet`을 작성하세요. `(kind, D_K, stride, M, N, D_F)` 형식의 행 29개를 리스트로 반환합니다. `nm.BLOCKS`에 블록 13개의 출력 채널 수 $N$과 스트라이드가 들어 있습니다.
#
# - 첫 번째 행은 `"standard"` 합성곱입니다. 3 x 3, 스트라이드 2이고, 입력은 3채널, 출력은 32채널입니다.
# - 블록마다 `"depthwise"` 합성곱과 `"pointwise"` 합성곱이 한 행씩 있습니다. 깊이별 합성곱은 3 x 3이고 스트라이드는 블록의 스트라이드입니다. 점별 합성곱은 1 x 1, 스트라이드 1입니다.
# - `"pool"`은 채널마다 평균을 구합니다. $D_K$는 같은 행의 $D_F$와 같고, 스트라이드는 1이고, $N = M$입니다. 풀링 다음에는 한 변의 길이가 1이 됩니다.
# - 마지막 행은 `"fully_connected"`입니다. $D_K = 1$, 스트라이드 1이고, 출력은 `classes`개입니다.
#
# 클래스 수를 뺀 모든 출력 채널 수에는 `alpha`를 곱하고 **버림**해서 정수로 만듭니다. 그 결과가 1보다 작으면 1로 합니다. 패딩은 `"same"`이므로 스트라이드가 $s$인 층의 출력은 한 변의 길이가 $\lceil D_F / s \rceil$입니다.
#
# <details><summary>힌트</summary>
#
# 변수 두 개면 충분합니다. 지금까지 쓴 마지막 행의 출력 채널 수와 출력의 한 변의 길이입니다. 새 행의 $M$과 $D_F$는 이 두 변수에서 가져오고, 그다음에 두 변수를 바꿉니다. `int(...)`는 버림하고, `-(-a // b)`는 나눈 결과를 올림합니다.
#
# </details>


# %% write="table"
def mobilenet(alpha, resolution, classes):
    """The layers of MobileNet, rows (kind, D_K, stride, M, N, D_F).

    >>> mobilenet(0.25, 32, 10)[:3]  # 32 * 0.25 = 8 channels, and a side of 32 / 2 = 16
    [('standard', 3, 2, 3, 8, 32), ('depthwise', 3, 1, 8, 8, 16), ('pointwise', 1, 1, 8, 16, 16)]
    >>> mobilenet(0.25, 32, 10)[-2:]
    [('pool', 1, 1, 256, 256, 1), ('fully_connected', 1, 1, 256, 10, 1)]
    """
    ### BEGIN SOLUTION
    channels, side = max(1, int(alpha * 32)), -(-resolution // 2)
    rows = [("standard", 3, 2, 3, channels, resolution)]
    for outputs, stride in nm.BLOCKS:
        rows.append(("depthwise", 3, stride, channels, channels, side))
        M, channels, side = channels, max(1, int(alpha * outputs)), -(-side // stride)
        rows.append(("pointwise", 1, 1, M, channels, side))
    rows.append(("pool", side, 1, channels, channels, side))
    rows.append(("fully_connected", 1, 1, channels, classes, 1))
    return rows
    ### END SOLUTION


# %% check="table-values" points=4
report = nm.exercises.mobilenet(mobilenet)
display(report)
if not report.passed:
    raise report.error or AssertionError("some rows are not right yet: the report says which")

# %% [markdown] lang="en"
# From your rows the package can compute the costs. For these three networks the paper prints 569, 325 and 290 million mult-adds (the last one is 290.68, cut off) and 4.2, 2.6 and 4.2 million parameters.

# %% [markdown] lang="ko" of="fd275a4f"
# 여러분이 만든 표를 이 패키지의 함수에 넣으면 연산량과 매개변수 수가 나옵니다. 논문에는 세 네트워크의 곱셈-누산이 각각 5억 6,900만, 3억 2,500만, 2억 9,000만 번(마지막은 2억 9,068만에서 100만 미만을 버림한 것), 매개변수가 420만, 260만, 420만 개로 실려 있습니다.

# %%
for alpha, resolution in ((1.0, 224), (0.75, 224), (1.0, 160)):
    layers = [nm.Layer(f"row {n}", *row) for n, row in enumerate(mobilenet(alpha, resolution, 1000))]
    total = nm.cost.total(nm.cost.table(layers))
    print(f"{alpha}-{resolution}: {total.mult_adds:,} mult-adds, {total.parameters:,} parameters")

# %% [markdown] lang="en"
# ## Task 2. Your convolutions (1 + 1 + 1 points)
#
# Copy the bodies of your three convolutions from labs 1 and 2 into this cell, together with the functions that they call. Each takes `x` of the shape `(B, H, W, M)` and pads as `"same"` does. `pad_same` returns `x` with the zeros that are needed.
#
# <details><summary>Hint</summary>
#
# If you have not done these labs: two loops over the position $(i, j)$ in the kernel are enough. For the depthwise convolution, each step adds a part of the padded images, times `kernel[i, j]`. For the standard convolution it is the same with `@` instead of `*`. Lab 2 explains which part.
#
# </details>

# %% [markdown] lang="ko" of="29f15910"
# ## 과제 2. 직접 작성한 합성곱 (1점 + 1점 + 1점)
#
# 실습 1과 2에서 작성한 세 합성곱을 이 셀에 옮기세요. 그 안에서 호출하는 함수도 함께 옮깁니다. 모두 형상이 `(B, H, W, M)`인 `x`를 받고 `"same"` 방식으로 패딩합니다. `pad_same`은 필요한 만큼 0을 채운 `x`를 반환합니다.
#
# <details><summary>힌트</summary>
#
# 두 실습을 하지 않았다면, 커널 안의 위치 $(i, j)$에 대한 반복문 두 개로 작성하면 됩니다. 깊이별 합성곱은 패딩한 이미지의 일부분에 `kernel[i, j]`를 곱해서 더해 갑니다. 표준 합성곱은 `*` 대신 `@`를 쓰면 됩니다. 어느 부분인지는 실습 2에 설명되어 있습니다.
#
# </details>


# %%
def pad_same(x, D_K, stride):
    zeros = []
    for side in x.shape[1:3]:  # the rows, then the columns
        missing = max((-(-side // stride) - 1) * stride + D_K - side, 0)
        zeros.append((missing // 2, missing - missing // 2))
    return np.pad(x, ((0, 0), *zeros, (0, 0)))


# %% write="kernels"
def standard_conv(x, kernel, stride=1):
    """x (B, H, W, M), kernel (D_K, D_K, M, N) -> y (B, H', W', N)"""
    ### BEGIN SOLUTION
    D_K, rows, columns = len(kernel), -(-x.shape[1] // stride), -(-x.shape[2] // stride)
    padded = pad_same(x, D_K, stride)
    y = np.zeros((len(x), rows, columns, kernel.shape[3]), x.dtype)
    for i, j in np.ndindex(D_K, D_K):
        y += padded[:, i : i + stride * rows : stride, j : j + stride * columns : stride] @ kernel[i, j]
    return y
    ### END SOLUTION


def depthwise_conv(x, kernel, stride=1):
    """x (B, H, W, M), kernel (D_K, D_K, M) -> y (B, H', W', M)"""
    ### BEGIN SOLUTION
    D_K, rows, columns = len(kernel), -(-x.shape[1] // stride), -(-x.shape[2] // stride)
    padded = pad_same(x, D_K, stride)
    y = np.zeros((len(x), rows, columns, x.shape[3]), x.dtype)
    for i, j in np.ndindex(D_K, D_K):
        y += padded[:, i : i + stride * rows : stride, j : j + stride * columns : stride] * kernel[i, j]
    return y
    ### END SOLUTION


def pointwise_conv(x, kernel):
    """x (B, H, W, M), kernel (M, N) -> y (B, H, W, N)"""
    ### BEGIN SOLUTION
    return x @ kernel
    ### END SOLUTION


# %% check="standard" points=1
report = nm.exercises.standard_conv(standard_conv)
display(report)
if not report.passed:
    raise report.error or AssertionError("values and cost must be right: read the report")

# %% check="depthwise" points=1
report = nm.exercises.depthwise_conv(depthwise_conv)
display(report)
if not report.passed:
    raise report.error or AssertionError("values and cost must be right: read the report")

# %% check="pointwise" points=1
report = nm.exercises.pointwise_conv(pointwise_conv)
display(report)
if not report.passed:
    raise report.error or AssertionError("values and cost must be right: read the report")

# %% [markdown] lang="en"
# The first three layers of MobileNet with $\alpha = 0.25$, on an image of 32 x 32 pixels: the shapes must be those of the first rows of your table, 16 x 16 with 8, 8 and 16 channels.

# %% [markdown] lang="ko" of="e5ec7345"
# $\alpha = 0.25$인 MobileNet의 처음 세 층을 32 x 32 픽셀 이미지로 계산해 봅시다. 결과의 형상은 여러분이 만든 표의 첫 세 행과 같이 16 x 16이고, 채널은 8개, 8개, 16개여야 합니다.

# %%
y = standard_conv(np.ones((1, 32, 32, 3)), np.ones((3, 3, 3, 8)), stride=2)
filtered = depthwise_conv(y, np.ones((3, 3, 8)))
print(y.shape, filtered.shape, pointwise_conv(filtered, np.ones((8, 16))).shape)

# %% [markdown] lang="en"
# ## Task 3. Fold batch norm into the convolution (3 points)
#
# After each convolution, batch norm replaces every value $y$ of channel $n$ by
#
# $$\gamma_n \cdot \frac{y - \text{mean}_n}{\sqrt{\text{var}_n + \varepsilon}} + \beta_n$$
#
# Write `fold`: it returns a kernel and a bias, so that the convolution with the new kernel, plus the bias, gives the same result without batch norm. The output channel is the last axis of every kernel.
#
# <details><summary>Hint</summary>
#
# Write the formula as $s_n \cdot y + b_n$ and find $s_n$ and $b_n$. A convolution is linear: if all numbers of filter $n$ are multiplied by $s_n$, then the output is multiplied by $s_n$.
#
# </details>

# %% [markdown] lang="ko" of="30acd989"
# ## 과제 3. 배치 정규화의 병합 (3점)
#
# 합성곱 다음에는 배치 정규화가 옵니다. 배치 정규화에서는 채널 $n$의 모든 값 $y$를 다음과 같이 바꿉니다. 식에서 mean은 평균, var는 분산입니다.
#
# $$\gamma_n \cdot \frac{y - \text{mean}_n}{\sqrt{\text{var}_n + \varepsilon}} + \beta_n$$
#
# 함수 `fold`를 작성하세요. 커널과 편향을 반환합니다. 새 커널로 합성곱하고 편향을 더하면, 배치 정규화를 따로 하지 않아도 같은 결과가 나와야 합니다. 모든 커널에서 출력 채널은 마지막 축입니다.
#
# <details><summary>힌트</summary>
#
# 식을 $s_n \cdot y + b_n$ 꼴로 정리해서 $s_n$과 $b_n$을 구하세요. 합성곱은 선형입니다. 필터 $n$의 모든 원소에 $s_n$을 곱하면 출력도 $s_n$배가 됩니다.
#
# </details>


# %% write="fold"
def fold(kernel, gamma, beta, mean, var, eps):
    """kernel (..., N), the others (N,) -> kernel (..., N), bias (N,).

    >>> statistics = [np.array([number]) for number in (6.0, 1.0, 5.0, 4.0)]  # gamma, beta, mean, var
    >>> fold(np.ones((1, 1)), *statistics, 0.0)  # s = 6 / 2, b = 1 - 5 * 3
    (array([[3.]]), array([-14.]))
    """
    ### BEGIN SOLUTION
    scale = gamma / np.sqrt(var + eps)  # (N,)
    return kernel * scale, beta - mean * scale
    ### END SOLUTION


# %% check="fold-values" points=3
report = nm.exercises.fold(fold)
display(report)
if not report.passed:
    raise report.error or AssertionError("the kernel or the bias is not right yet: the report says which")

# %% [markdown] lang="en"
# A number to see it: one channel with the values 1 and 3, by batch norm and by your kernel of 1 x 1.

# %% [markdown] lang="ko" of="c2632435"
# 숫자로 확인해 봅시다. 값이 1과 3인 채널 하나를 배치 정규화로 한 번, 여러분의 1 x 1 커널로 한 번 계산합니다.

# %%
y, statistics = np.array([[[[1.0], [3.0]]]]), [np.array([number]) for number in (6.0, 1.0, 5.0, 4.0)]
kernel, bias = fold(np.ones((1, 1)), *statistics, 0.0)
print("batch norm:", nm.ops.batch_norm(y, *statistics, eps=0.0).ravel())
print("folded:    ", (y @ kernel + bias).ravel())

# %% [markdown] lang="en"
# ## Task 4. The forward pass (values 3, cost 2 points)
#
# Write `forward`: it computes the scores (logits) of the network. `layers` is a sequence of rows with the fields `name`, `kind`, `stride` and more; `weights[name]` is a dict with the arrays of that layer.
#
# - A convolution has the arrays `kernel`, `gamma`, `beta`, `mean` and `var`: fold them, with $\varepsilon = 0.001$. In a network that was folded before, it has only `kernel` and `bias`, and you take them as they are. Then use one of your three convolutions, add the bias, and cut off below 0 and above 6 (ReLU6).
# - `"pool"` has no arrays. It averages each channel over all pixels: `(B, H, W, M)` becomes `(B, M)`.
# - `"fully_connected"` has the arrays `kernel` of the shape `(M, N)` and `bias`.
#
# <details><summary>Hint</summary>
#
# One loop over the layers is enough: the output of each layer is the `x` of the next one. `"bias" in arrays` says whether a convolution is folded. `np.clip(y, 0, 6)` is ReLU6, and `x.mean(axis=(1, 2))` is the pool.
#
# </details>

# %% [markdown] lang="ko" of="552751db"
# ## 과제 4. 순전파 (결과 3점, 연산량 2점)
#
# 함수 `forward`를 작성하세요. 네트워크의 점수(logit)를 계산합니다. `layers`의 행마다 `name`, `kind`, `stride` 등의 필드가 있고, `weights[name]`은 그 층의 배열을 담은 딕셔너리입니다.
#
# - 합성곱 층에는 `kernel`, `gamma`, `beta`, `mean`, `var`가 있습니다. $\varepsilon = 0.001$로 병합하세요. 이미 병합된 네트워크라면 `kernel`과 `bias`만 있으므로 그대로 씁니다. 그다음 세 합성곱 가운데 맞는 것을 쓰고, 편향을 더하고, 0보다 작은 값은 0으로, 6보다 큰 값은 6으로 바꿉니다(ReLU6).
# - `"pool"`에는 배열이 없습니다. 채널마다 모든 픽셀의 평균을 구합니다. `(B, H, W, M)`이 `(B, M)`이 됩니다.
# - `"fully_connected"`에는 형상이 `(M, N)`인 `kernel`과 `bias`가 있습니다.
#
# <details><summary>힌트</summary>
#
# 층에 대한 반복문 하나면 충분합니다. 한 층의 출력이 다음 층의 `x`가 됩니다. 병합된 합성곱인지는 `"bias" in arrays`로 알 수 있습니다. `np.clip(y, 0, 6)`이 ReLU6이고, `x.mean(axis=(1, 2))`가 풀링입니다.
#
# </details>


# %% write="forward"
def forward(x, layers, weights):
    """x (B, resolution, resolution, 3) -> logits (B, classes)."""
    ### BEGIN SOLUTION
    for layer in layers:
        arrays = weights.get(layer.name)
        if layer.kind == "pool":
            x = x.mean(axis=(1, 2))  # (B, H, W, M) -> (B, M)
        elif layer.kind == "fully_connected":
            x = x @ arrays["kernel"] + arrays["bias"]  # (B, M) -> (B, N)
        else:
            if "bias" in arrays:
                kernel, bias = arrays["kernel"], arrays["bias"]
            else:
                names = ("kernel", "gamma", "beta", "mean", "var")
                kernel, bias = fold(*(arrays[name] for name in names), 1e-3)
            if layer.kind == "pointwise":
                x = pointwise_conv(x, kernel)
            else:
                convolution = standard_conv if layer.kind == "standard" else depthwise_conv
                x = convolution(x, kernel, layer.stride)
            x = np.clip(x + bias, 0, 6)
    return x
    ### END SOLUTION


# %% check="forward-values" points=3
report = nm.exercises.forward(forward)
display(report)
if not report.values:
    raise report.error or AssertionError("the scores are not right yet: the report says where")

# %% check="forward-cost" points=2
report = nm.exercises.forward(forward)
if not report.cost:
    raise report.error or AssertionError("the cost is not right yet: the report above says why")

# %% [markdown] lang="en"
# ## Your network reads digits
#
# Now your network gets trained weights: those of the small MobileNet of the package ($\alpha = 0.25$, 32 x 32 pixels, 10 classes). It has never seen the 360 images of the test. Its scores for the first 20 must be those of the package (3 points). If your convolutions are loops over all pixels, this may take a minute.

# %% [markdown] lang="ko" of="a19f61f1"
# ## 숫자 인식
#
# 이제 여러분의 네트워크에 학습된 가중치를 넣습니다. 이 패키지에 들어 있는 작은 MobileNet의 가중치입니다($\alpha = 0.25$, 32 x 32 픽셀, 클래스 10개). 테스트 이미지 360장은 학습에 쓰지 않은 것입니다. 처음 20장의 점수가 이 패키지의 점수와 같아야 합니다(3점). 합성곱을 모든 픽셀에 대한 반복문으로 작성했다면 1분쯤 걸릴 수도 있습니다.

# %% check="digits" points=3
digits, (images, labels) = nm.digits(), nm.digits_test()
mine = forward(images[:20], digits.layers, digits.weights)
*_, last = digits.forward(images[:20])
assert np.shape(mine) == (20, 10), f"the scores must have the shape (20, 10), but have {np.shape(mine)}"
assert np.allclose(mine, last.y, rtol=1e-3, atol=1e-3), "the scores are not those of the package"
print("the first 20:", mine.argmax(axis=1))

# %%
answers = forward(images, digits.layers, digits.weights).argmax(axis=1)  # for slow loops: take images[:20]
right = (answers == labels[: len(answers)]).sum()
print(f"{right} of {len(answers)} are right: {right / len(answers):.1%}")
wrong = np.flatnonzero(answers != labels[: len(answers)])
nm.plots.gallery([images[i, :, :, 0] for i in wrong], [f"{labels[i]} read as {answers[i]}" for i in wrong])

# %% [markdown] lang="en"
# ## Two questions
#
# **Why 1 (2 points).** The weights were trained on images of 32 x 32 pixels. Without any change, the same weights also fit the table for 64 x 64 pixels. Why do they, and which columns of the table change?
#
# Answer in two or three sentences:

# %% [markdown] lang="ko" of="aff15869"
# ## 이유를 묻는 질문
#
# **질문 1 (2점).** 이 가중치는 32 x 32 픽셀 이미지로 학습했습니다. 그런데 같은 가중치를 하나도 바꾸지 않고 64 x 64 픽셀의 표에도 쓸 수 있습니다. 왜 그럴까요? 표에서 바뀌는 열은 어느 것일까요?
#
# 두세 문장으로 답하세요.

# %% [markdown] lang="en" why="why-resolution" points=2
# The shape of every kernel depends on $D_K$, $M$ and $N$ only, and none of them changes with the resolution. Only $D_F$ changes (and with it the $D_K$ of the pool, which has no weights). The pool averages however many pixels there are, so the classifier always reads $M$ numbers.

# %% [markdown] lang="ko" of="7a38a8d5" why="why-resolution" points=2
# 커널의 형상은 $D_K$, $M$, $N$으로만 정해지고, 셋 다 해상도와 관계가 없습니다. 바뀌는 것은 $D_F$뿐입니다(풀링의 $D_K$도 함께 바뀌지만 풀링에는 가중치가 없습니다). 풀링은 픽셀이 몇 개든 평균을 구하므로, 분류기의 입력은 언제나 $M$개입니다.

# %% [markdown] lang="en"
# **Why 2 (2 points).** Batch norm can be folded into the convolution in front of it. Could it also be folded into that convolution if ReLU6 stood between the two? And how many multiplications per pixel and channel does folding save?
#
# Answer in two or three sentences:

# %% [markdown] lang="ko" of="03419808"
# **질문 2 (2점).** 배치 정규화는 바로 앞의 합성곱에 병합할 수 있습니다. 합성곱과 배치 정규화 사이에 ReLU6이 있다면 앞의 합성곱에 병합할 수 있을까요? 그리고 병합하면 픽셀 하나, 채널 하나마다 곱셈이 몇 번 줄어들까요?
#
# 두세 문장으로 답하세요.

# %% [markdown] lang="en" why="why-fold" points=2
# No. Folding works because both are linear: $s \cdot (K * x) = (s K) * x$. ReLU6 is not linear, $s \cdot \text{ReLU6}(y)$ is in general not $\text{ReLU6}(s \cdot y)$, so the factor cannot be moved through it into the kernel. Folding saves the one multiplication by $s_n$ for each value of the feature map; the addition of the bias stays.

# %% [markdown] lang="ko" of="158cfd1b" why="why-fold" points=2
# 병합할 수 없습니다. 병합은 둘 다 선형이어서 $s \cdot (K * x) = (s K) * x$이기 때문에 가능합니다. ReLU6은 선형이 아니어서 $s \cdot \text{ReLU6}(y)$와 $\text{ReLU6}(s \cdot y)$가 일반적으로 같지 않으므로, $s$를 ReLU6 안으로 넣어 커널에 곱해 둘 수 없습니다. 병합하면 특징 맵의 원소마다 $s_n$을 곱하는 곱셈 한 번이 줄어들고, 편향을 더하는 덧셈은 남습니다.
