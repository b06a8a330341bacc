# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # 2. Split it in two
#
# MobileNet replaces every standard convolution after its first layer with two cheaper steps: a depthwise convolution and a pointwise convolution.
# This lesson explains both steps, counts what they cost, and shows what we lose when we split.
#
# After this lesson you can
#
# - explain the depthwise step and the pointwise step, and compute both by hand on a small example;
# - count the mult-adds and the parameters of both, and derive the ratio $\frac{1}{N} + \frac{1}{D_K^2}$;
# - explain why the two steps compute a weaker function than a standard convolution, and what this costs in accuracy;
# - find the mistake in a worked example in three independent ways.
#
# About 45 minutes, without the exercises. You need: lesson 1, sums with several indices, and a little NumPy. Have pencil and paper ready.

# %% [markdown] lang="ko" of="e6456871"
# # 2. 두 단계로 나눈 합성곱
#
# MobileNet에서는 첫 층을 뺀 모든 표준 합성곱(standard convolution)을 연산량이 적은 두 단계, 즉 깊이별 합성곱과 점별 합성곱으로 바꿉니다.
# 이번 강의에서는 두 단계가 각각 무엇을 하는지 배우고, 연산량이 얼마나 줄어드는지 세어 보고, 그 대신 무엇을 잃는지도 확인합니다.
#
# 이 강의를 마치면
#
# - 깊이별 단계와 점별 단계를 설명하고, 작은 예제를 손으로 계산할 수 있습니다.
# - 두 단계의 곱셈-누산 횟수와 매개변수 수를 구하고, 비율 $\frac{1}{N} + \frac{1}{D_K^2}$을 유도할 수 있습니다.
# - 둘로 나누면 왜 표준 합성곱보다 표현력이 약해지는지, 정확도는 얼마나 떨어지는지 설명할 수 있습니다.
# - 풀이 속의 오류를 서로 다른 세 가지 방법으로 찾아낼 수 있습니다.
#
# 강의 시간은 연습 문제를 빼고 약 45분입니다. 1강의 내용과 첨자가 여러 개인 합($\sum$), 기초적인 NumPy를 알고 있으면 됩니다. 연필과 종이를 준비하세요.

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

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## Words from lesson 1
#
# | word | meaning | size |
# |---|---|---|
# | image, channel | Each pixel of an image holds $M$ numbers. Channel $m$ consists of the $m$-th number of every pixel. | (D_F, D_F, M) |
# | feature map | The output of a layer. It looks like an image, but it has $N$ channels. | (D_G, D_G, N) |
# | filter | The block of numbers that makes one output channel. | (D_K, D_K, M) |
# | kernel | All $N$ filters of a layer in one array. | (D_K, D_K, M, N) |
# | parameters | The numbers in the kernel. Training finds their values. | |
# | window | The pixels that the kernel covers at one position. | (D_K, D_K) |
# | stride | The number of pixels that the kernel moves from one position to the next. | |
# | padding | Zeros around the image. With stride 1 and `"same"` the output is as large as the input. With `"valid"` there are no zeros and the output is smaller. | |
# | mult-add | One multiplication together with the addition of its product to a sum. | |
#
# $D_K$, $D_F$ and $D_G$ are the side lengths of the kernel, the input and the output. In code, arrays have one more axis in front:
# $B$, the number of images (the batch).

# %% [markdown] lang="ko" of="5becba19"
# ## 1강에서 배운 용어
#
# | 용어 | 뜻 | 형상 |
# |---|---|---|
# | 이미지, 채널(channel) | 이미지의 픽셀 하나에는 숫자가 $M$개 있습니다.<br>모든 픽셀에서 $m$번째 숫자만 모은 것이 채널 $m$입니다. | (D_F,&nbsp;D_F,&nbsp;M) |
# | 특징 맵(feature map) | 한 층의 출력입니다. 이미지처럼 생겼지만 채널이 $N$개입니다. | (D_G,&nbsp;D_G,&nbsp;N) |
# | 필터(filter) | 출력 채널 하나를 계산하는 데 쓰는 가중치 묶음입니다. | (D_K,&nbsp;D_K,&nbsp;M) |
# | 커널(kernel) | 한 층의 필터 $N$개를 모은 배열입니다. | (D_K,&nbsp;D_K,&nbsp;M,&nbsp;N) |
# | 매개변수(parameter) | 커널의 원소입니다. 값은 학습으로 정해집니다. | |
# | 윈도우(window) | 커널이 한 위치에서 덮는 영역입니다. | (D_K,&nbsp;D_K) |
# | 스트라이드(stride) | 커널이 한 번에 이동하는 픽셀 수입니다. 보폭이라고도 합니다. | |
# | 패딩(padding) | 이미지 둘레에 채우는 0입니다. 스트라이드가 1일 때<br>`"same"`이면 출력과 입력의 크기가 같고, `"valid"`이면<br> 0을 채우지 않아서 출력이 더 작습니다. | |
# | 곱셈-누산(mult-add) | 곱셈 한 번과, 그 결과를 합에 더하는 덧셈 한 번을<br>묶어서 센 것입니다. MAC이라고도 합니다. | |
#
# $D_K$, $D_F$, $D_G$는 각각 커널, 입력, 출력의 한 변의 길이입니다. 코드에서는 배열 맨 앞에 축이 하나 더 있습니다. 한꺼번에 계산하는 이미지의 개수, 즉 배치(batch) 크기 $B$입니다.
#
# 이번 강의의 출력에 나오는 영어는 다음과 같은 뜻입니다. 출력을 읽을 때 찾아보세요.
#
# | 출력 | 뜻 |
# |---|---|
# | standard, depthwise, pointwise | 표준, 깊이별, 점별 |
# | together | 두 단계를 합치면 |
# | 56 against 96 | 56번 대 96번 |
# | 7.9 times fewer | 7.9분의 1 |
# | largest difference, largest error | 가장 큰 차이, 가장 큰 오차 |
# | counted | 실행해서 센 횟수 |
# | the note's term, ratio, check | 스터디 노트의 항, 비율, 검산 |
# | in the paper, here | 논문에 실린 값, 우리가 구한 값 |
# | percentage points | %p |

# %% [markdown] lang="en"
# ## Which two jobs does a standard convolution do?
#
# Before we split the standard convolution, we look at what it does. It computes each number of its output as one sum (equation 1 of the paper):
#
# $$G_{k,l,n} = \sum_{i,j,m} K_{i,j,m,n} \cdot F_{k+i-1,\;l+j-1,\;m}$$
#
# $F$ is the input, $K$ is the kernel and $G$ is the output. The output pixel is at row $k$ and column $l$, in output channel $n$. This one sum does two jobs:
#
# - **Filtering**: the sum over $i$ and $j$ runs over a window, that is, over a pixel and its neighbours.
# - **Combining**: the sum over $m$ runs over all input channels.
#
# MobileNet does the two jobs in two steps:
#
# - The **depthwise convolution** only filters. It has $M$ filters of size $D_K \times D_K \times 1$, and each filter works on one channel. Its sums run along the **spatial axes**, height and width.
# - The **pointwise convolution** only combines. It has $N$ filters of size $1 \times 1 \times M$, and each filter works on one pixel at a time, in all channels. Its sums run along the **channel axis**.
#
# The two steps together are called a **depthwise separable convolution**. The figure shows all filters for $D_K = 3$, $M = 3$, $N = 5$. Its three parts are those of Figure 2 in the paper: (a) is what MobileNet replaces, (b) and (c) are what it uses instead.

# %% [markdown] lang="ko" of="b5b03b36"
# ## 표준 합성곱이 하는 두 가지 일
#
# 무엇을 둘로 나누는 걸까요? 표준 합성곱은 출력의 원소를 하나하나 다음과 같은 합으로 계산합니다(논문의 식 1).
#
# $$G_{k,l,n} = \sum_{i,j,m} K_{i,j,m,n} \cdot F_{k+i-1,\;l+j-1,\;m}$$
#
# $F$는 입력, $K$는 커널, $G$는 출력입니다. $k$와 $l$은 출력 픽셀의 행과 열이고, $n$은 출력 채널입니다. 이 합에는 두 가지 일이 한꺼번에 들어 있습니다.
#
# - **필터링**: $i$와 $j$에 대해 더합니다. 윈도우, 즉 한 픽셀과 그 주변의 정보를 모읍니다.
# - **채널 결합**: $m$에 대해 더합니다. 모든 입력 채널의 정보를 합칩니다.
#
# MobileNet에서는 이 두 가지 일을 두 단계로 나눕니다.
#
# - **깊이별 합성곱**(depthwise convolution)은 필터링만 합니다. $D_K \times D_K \times 1$ 크기의 필터가 $M$개 있고, 필터 하나는 채널 하나에만 적용됩니다. 합은 **공간 축**(spatial axis), 즉 세로와 가로를 따라 구합니다.
# - **점별 합성곱**(pointwise convolution)은 채널 결합만 합니다. $1 \times 1 \times M$ 크기의 필터가 $N$개 있고, 필터 하나는 한 픽셀의 모든 채널에 적용됩니다. 합은 **채널 축**(channel axis)을 따라 구합니다.
#
# 이 두 단계를 합쳐서 **깊이별 분리 합성곱**(depthwise separable convolution)이라고 부릅니다. 아래 그림은 $D_K = 3$, $M = 3$, $N = 5$일 때의 필터를 모두 그린 것이고, (a), (b), (c)의 순서는 논문의 그림 2와 같습니다. MobileNet에서는 (a) 대신 (b)와 (c)를 차례로 씁니다.

# %%
nm.plots.filters(D_K=3, M=3, N=5)

# %% [markdown] lang="en"
# Each cube is one parameter. Its colour tells with which input channel it is multiplied: blue is channel 0, yellow is channel 1, purple is channel 2. A filter of (a) and of (c) has cubes of all colours, so it combines the channels. A filter of (b) has one colour only.
#
# **Predict first.** Count the cubes, those behind included. How many parameters does each of the three parts hold?

# %% [markdown] lang="ko" of="ae8a27c9"
# 작은 정육면체 하나가 매개변수 하나입니다. 색은 어느 입력 채널에 곱하는지를 나타냅니다. 파랑은 채널 0, 노랑은 채널 1, 보라는 채널 2입니다. (a)와 (c)에서는 필터 하나에 세 가지 색이 모두 있으므로 채널이 결합됩니다. (b)에서는 필터마다 색이 한 가지뿐이어서 채널이 섞이지 않습니다.
#
# **먼저 예상해 보세요.** 뒤에 가려진 것까지 정육면체를 세어 보세요. (a), (b), (c)의 매개변수는 각각 몇 개일까요?

# %% jupyter={"outputs_hidden": true}
D_K, M, N = 3, 3, 5
standard, depthwise, pointwise = D_K * D_K * M * N, D_K * D_K * M, M * N
print(f"standard {standard}, depthwise {depthwise}, pointwise {pointwise}, together {depthwise + pointwise}")
assert (standard, depthwise + pointwise) == (135, 42), "one filter, times the number of filters"

# %% [markdown] lang="en"
# The standard convolution has $D_K \cdot D_K \cdot M \cdot N = 135$ parameters. The depthwise step has $D_K \cdot D_K \cdot M = 27$ and the pointwise step
# has $M \cdot N = 15$, so both steps together need only 42.

# %% [markdown] lang="ko" of="7b91fdb7"
# 표준 합성곱의 매개변수는 $D_K \cdot D_K \cdot M \cdot N = 135$개입니다. 깊이별 단계는 $D_K \cdot D_K \cdot M = 27$개, 점별 단계는 $M \cdot N = 15$개이므로, 두 단계를 합쳐도 42개뿐입니다.

# %% [markdown] lang="en"
# ## What happens between input and output?
#
# This project started from a study note about the paper. The note names the steps like this:
#
# Input → Separate → Depthwise Conv → Concat → Pointwise Conv → Output
#
# **Predict first.** Which of these steps need multiplications?

# %% [markdown] lang="ko" of="44926ae2"
# ## 입력에서 출력까지의 순서
#
# 이 프로젝트는 논문을 정리한 스터디 노트 한 편에서 출발했습니다. 노트에는 계산 순서가 이렇게 정리되어 있습니다.
#
# 입력(Input) → 채널 분리(Separate) → 깊이별 합성곱(Depthwise Conv) → 이어 붙이기(Concat) → 점별 합성곱(Pointwise Conv) → 출력(Output)
#
# **먼저 예상해 보세요.** 이 가운데 곱셈이 필요한 단계는 어느 것일까요?

# %%
nm.plots.split(M=3, N=5)

# %% [markdown] lang="en"
# The figure shows one step after the other, from left to right.
#
# | step | what it does | shape after it (stride 1, padding `"same"`) |
# |---|---|---|
# | Input | | (D_F, D_F, M) |
# | Separate | takes the $M$ channels apart | $M$ arrays of (D_F, D_F) |
# | Depthwise Conv | filters each channel with its own small kernel | $M$ arrays of (D_F, D_F) |
# | Concat | puts the $M$ results together as channels | (D_F, D_F, M) |
# | Pointwise Conv | computes $N$ weighted sums of the $M$ channels at each pixel | (D_F, D_F, N) |
# | Output | | (D_F, D_F, N) |
#
# Only Depthwise Conv and Pointwise Conv multiply. Separate and Concat only take arrays apart and put them together; they compute nothing.
#
# Look at the pointwise step in the figure. The framed pixel after Concat holds $M = 3$ numbers, one of each colour. Each of the $N = 5$ filters multiplies these three numbers by its own three parameters and adds the products. This gives one grey number, a mixture of all channels. The five grey numbers are the framed pixel of the output. The same is done at every pixel.
#
# The note writes shapes with the channels first, as PyTorch does: $[M, D_F, D_F]$. This package puts the channels last, as TensorFlow does. The numbers are the same and only the order of the axes differs:

# %% [markdown] lang="ko" of="0da4a6d8"
# 그림의 왼쪽부터 한 단계씩 따라가 봅시다.
#
# | 단계 | 하는 일 | 결과의 형상(스트라이드 1, 패딩 `"same"`) |
# |---|---|---|
# | 입력(Input) | | (D_F, D_F, M) |
# | 채널 분리(Separate) | 채널 $M$개를 하나씩 떼어 냅니다 | (D_F, D_F) 배열 $M$개 |
# | 깊이별 합성곱(Depthwise Conv) | 채널마다 전용 커널로 필터링합니다 | (D_F, D_F) 배열 $M$개 |
# | 이어 붙이기(Concat) | 결과 $M$개를 다시 채널로 쌓습니다 | (D_F, D_F, M) |
# | 점별 합성곱(Pointwise Conv) | 픽셀마다 채널 $M$개의 가중합을 $N$개 구합니다 | (D_F, D_F, N) |
# | 출력(Output) | | (D_F, D_F, N) |
#
# 곱셈은 깊이별 합성곱과 점별 합성곱에서만 합니다. 채널 분리와 이어 붙이기는 배열을 나누고 묶을 뿐, 계산은 하지 않습니다.
#
# 그림에서 점별 합성곱을 자세히 봅시다. 이어 붙이기의 결과에서 굵은 테두리로 표시한 픽셀에는 색마다 하나씩, 숫자가 $M = 3$개 있습니다. 이 숫자 세 개에 필터의 매개변수 세 개를 각각 곱해서 더하면 숫자 하나가 나옵니다. 모든 채널이 섞인 값이므로 회색으로 그렸습니다. 필터가 $N = 5$개이므로 이런 숫자가 다섯 개 나오고, 이것이 출력에서 굵은 테두리로 표시한 픽셀입니다. 다른 픽셀에서도 똑같이 계산합니다.
#
# 형상을 적는 순서도 알아 둡시다. 스터디 노트에는 PyTorch처럼 채널을 맨 앞에 써서 $[M, D_F, D_F]$라고 적혀 있습니다. 이 패키지에서는 TensorFlow처럼 채널을 맨 뒤에 둡니다. 축의 순서만 다르고 내용은 같습니다.

# %%
channels_first = np.zeros((3, 32, 32))  # the note: [M, D_F, D_F]
channels_last = channels_first.transpose(1, 2, 0)[np.newaxis]  # npmobile: (B, D_F, D_F, M)
print(channels_first.shape, "->", channels_last.shape)
assert channels_last.shape == (1, 32, 32, 3), "axis 0 of the note must become the last axis"

# %% [markdown] lang="en"
# ## Step 1, depthwise: how do we filter each channel by itself?
#
# $$\hat G_{k,l,m} = \sum_{i,j} \hat K_{i,j,m} \cdot F_{k+i-1,\;l+j-1,\;m} \qquad \text{(equation 3 of the paper)}$$
#
# Compare this with equation 1. There is no sum over $m$ any more: output channel $m$ uses only input channel $m$. There is also no $n$, because each channel
# has exactly one filter. The hats (^) mark the kernel and the output of the depthwise step.
#
# A small example: an image of 3 x 3 pixels with $M = 2$ channels, kernels with $D_K = 2$, and no padding. Then the output has $D_G = 2$. As in Python, we count the channels from 0.
#
# $$\text{channel 0: } \begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{pmatrix} \text{ with kernel } \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}
# \qquad \text{channel 1: } \begin{pmatrix} 1 & 0 & 0 \\ 0 & 1 & 0 \\ 0 & 0 & 1 \end{pmatrix} \text{ with kernel } \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}$$
#
# The top left window of channel 0 gives $1 \cdot 1 + 2 \cdot 2 + 3 \cdot 4 + 4 \cdot 5 = 37$, as in lesson 1. The same window of channel 1 gives $1 \cdot 1 + 0 \cdot 0 + 0 \cdot 0 + 1 \cdot 1 = 2$.
# In lesson 1, one standard filter with these two tables added the two numbers to 39. The depthwise step does not add them: 37 and 2 stay in two channels.
#
# **Predict first.** Compute the other three windows of channel 1 on paper. How many mult-adds do both channels take together?

# %% [markdown] lang="ko" of="1718bb3c"
# ## 1단계: 깊이별 합성곱
#
# 채널을 섞지 않고 하나씩 따로 필터링하려면 어떻게 해야 할까요?
#
# $$\hat G_{k,l,m} = \sum_{i,j} \hat K_{i,j,m} \cdot F_{k+i-1,\;l+j-1,\;m} \qquad \text{(논문의 식 3)}$$
#
# 식 1과 비교해 보세요. $m$에 대한 합이 없어졌습니다. 그래서 출력 채널 $m$은 입력 채널 $m$만 사용합니다. 채널마다 필터가 하나뿐이므로 $n$도 없습니다. $\hat K$와 $\hat G$의 ^(hat) 기호는 깊이별 단계의 커널과 출력이라는 표시입니다.
#
# 작은 예제를 풀어 봅시다. 이미지는 3 x 3 픽셀에 채널이 $M = 2$개이고, 커널은 $D_K = 2$, 패딩은 없습니다. 그러면 출력은 $D_G = 2$입니다. 채널 번호는 파이썬처럼 0부터 셉니다.
#
# $$\text{채널 0: } \begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{pmatrix} \text{, 커널 } \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}
# \qquad \text{채널 1: } \begin{pmatrix} 1 & 0 & 0 \\ 0 & 1 & 0 \\ 0 & 0 & 1 \end{pmatrix} \text{, 커널 } \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}$$
#
# 채널 0의 왼쪽 위 윈도우는 1강에서처럼 $1 \cdot 1 + 2 \cdot 2 + 3 \cdot 4 + 4 \cdot 5 = 37$입니다. 채널 1의 같은 윈도우는 $1 \cdot 1 + 0 \cdot 0 + 0 \cdot 0 + 1 \cdot 1 = 2$입니다.
# 1강의 표준 합성곱에서는 이 두 값을 더해서 39를 얻었습니다. 깊이별 단계에서는 두 값을 더하지 않으므로 37과 2가 서로 다른 채널에 그대로 남습니다.
#
# **먼저 예상해 보세요.** 채널 1의 나머지 윈도우 세 개를 종이에 계산해 보세요. 두 채널을 모두 계산하면 곱셈-누산은 몇 번일까요?

# %%
image = np.stack([[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]], np.eye(3)], axis=-1)  # (3, 3, M): channel 0, channel 1
d = np.stack([[[1.0, 2], [3, 4]], np.eye(2)], axis=-1)  # (D_K, D_K, M): one kernel for each channel
D_G, D_K, M = 2, 2, 2

# %% jupyter={"outputs_hidden": true}
filtered, mult_adds = np.zeros((D_G, D_G, M)), 0
for k, l, m, i, j in np.ndindex(D_G, D_G, M, D_K, D_K):  # five loops, one inside the other
    filtered[k, l, m] += d[i, j, m] * image[k + i, l + j, m]
    mult_adds += 1
print("channel 0", filtered[..., 0].tolist(), " channel 1", filtered[..., 1].tolist(), mult_adds, "mult-adds")

# %%
assert filtered[..., 0].tolist() == [[37, 47], [67, 77]], "channel 0 is the example of lesson 1"
assert filtered[..., 1].tolist() == [[2, 0], [0, 2]], "channel 1 must use its own kernel"
y, counted = nm.loops.depthwise_conv(image[np.newaxis], d, padding="valid")
assert (y[0] == filtered).all(), "did the window move right first, then down?"
assert counted == mult_adds == 32, "4 windows, 4 products in each window, 2 channels"

# %% [markdown] lang="en"
# The loop made 32 mult-adds: 4 windows times 4 products times 2 channels. `nm.loops.depthwise_conv` has the same loops, with padding and stride added, and gives the same answer.
#
# The next cell follows the note's steps exactly. Each channel goes through an ordinary one-channel convolution, and the results are put together.

# %% [markdown] lang="ko" of="0c03f57a"
# 곱셈-누산은 32번입니다. 윈도우 4개 x 곱셈 4번 x 채널 2개입니다. `nm.loops.depthwise_conv`는 같은 반복문에 패딩과 스트라이드를 더한 함수이고, 결과도 같습니다.
#
# 이번에는 스터디 노트에 적힌 순서대로 계산해 봅시다. 채널을 분리해서 채널이 하나뿐인 표준 합성곱을 각각 적용하고, 결과를 이어 붙입니다.

# %%
parts = [image[np.newaxis, :, :, m : m + 1] for m in range(M)]  # Separate: M arrays of (1, 3, 3, 1)
kernels = [d[:, :, m : m + 1, np.newaxis] for m in range(M)]  # each of (D_K, D_K, 1, 1)
results = [nm.loops.standard_conv(part, kernel, padding="valid")[0] for part, kernel in zip(parts, kernels)]
together = np.concatenate(results, axis=-1)  # Concat: (1, 2, 2, M)
assert (together[0] == filtered).all(), "is each channel used with its own kernel?"
print(together.shape)

# %% [markdown] lang="en"
# So a depthwise convolution is $M$ separate convolutions with one channel each. Up to here, no output number depends on more than one input channel. The second step combines the channels.

# %% [markdown] lang="ko" of="bdffe786"
# 결과가 같습니다. 즉 깊이별 합성곱은 채널이 하나인 합성곱을 채널마다 따로, 모두 $M$번 하는 것과 같습니다. 여기까지는 출력의 어느 원소에도 두 채널의 정보가 함께 들어 있지 않습니다. 그래서 채널을 결합하는 다음 단계가 필요합니다.

# %% [markdown] lang="en"
# ## Step 2, pointwise: how do we combine the channels?
#
# At each pixel, the pointwise convolution computes $N$ weighted sums of the $M$ filtered channels:
#
# $$G_{k,l,n} = \sum_{m} P_{m,n} \cdot \hat G_{k,l,m}$$
#
# The paper gives no equation for this step, so the letter $P$ is ours. There is no sum over $i$ and $j$: a filter uses one pixel and none of its neighbours.
# That is why $P$ needs no $D_K$. It is a matrix of $M \times N$ numbers, and column $n$ is filter $n$.
#
# We continue the example with $N = 3$ filters. At the top left, the pixel of $\hat G$ holds the two numbers $(37, 2)$:
#
# $$P = \begin{pmatrix} 1 & 1 & 0 \\ 0 & -1 & 10 \end{pmatrix} \qquad
# \begin{aligned} n = 0:&\quad 1 \cdot 37 + 0 \cdot 2 = 37 \\ n = 1:&\quad 1 \cdot 37 - 1 \cdot 2 = 35 \\ n = 2:&\quad 0 \cdot 37 + 10 \cdot 2 = 20 \end{aligned}$$
#
# **Predict first.** The pixel at the bottom right holds $(77, 2)$. Which three output numbers does it give? How many mult-adds do all four pixels take?

# %% [markdown] lang="ko" of="98468c2e"
# ## 2단계: 점별 합성곱
#
# 이제 채널을 어떻게 결합할까요? 점별 합성곱은 픽셀마다 채널 $M$개의 가중합을 $N$개 구합니다.
#
# $$G_{k,l,n} = \sum_{m} P_{m,n} \cdot \hat G_{k,l,m}$$
#
# 논문에는 이 단계의 식이 따로 없어서, 기호 $P$는 이 강의에서 정했습니다. 이번에는 $i$와 $j$에 대한 합이 없습니다. 필터가 한 픽셀에만 적용되고 주변 픽셀은 쓰지 않기 때문입니다.
# 그래서 $P$의 크기는 $D_K$와 관계가 없습니다. $P$는 $M \times N$ 행렬이고, $n$번 열이 $n$번 필터입니다.
#
# 앞의 예제에 필터 $N = 3$개를 적용해 봅시다. $\hat G$의 왼쪽 위 픽셀에는 두 채널의 결과 $(37, 2)$가 있습니다.
#
# $$P = \begin{pmatrix} 1 & 1 & 0 \\ 0 & -1 & 10 \end{pmatrix} \qquad
# \begin{aligned} n = 0:&\quad 1 \cdot 37 + 0 \cdot 2 = 37 \\ n = 1:&\quad 1 \cdot 37 - 1 \cdot 2 = 35 \\ n = 2:&\quad 0 \cdot 37 + 10 \cdot 2 = 20 \end{aligned}$$
#
# **먼저 예상해 보세요.** 오른쪽 아래 픽셀은 $(77, 2)$입니다. 출력 세 개는 얼마일까요? 픽셀 네 개를 모두 계산하면 곱셈-누산은 몇 번일까요?

# %% jupyter={"outputs_hidden": true}
p, N = np.array([[1.0, 1, 0], [0, -1, 10]]), 3  # (M, N)
G, mult_adds = np.zeros((D_G, D_G, N)), 0
for k, l, n, m in np.ndindex(D_G, D_G, N, M):
    G[k, l, n] += p[m, n] * filtered[k, l, m]
    mult_adds += 1
print(G.reshape(4, N), mult_adds, "mult-adds")  # one row for each pixel

# %%
assert G[1, 1].tolist() == [77, 75, 20], "each output needs both channels of the same pixel"
y, counted = nm.loops.pointwise_conv(filtered[np.newaxis], p)
assert (y[0] == G).all() and counted == mult_adds == 24, "4 pixels, 2 channels, 3 filters"
assert (filtered.reshape(4, M) @ p == G.reshape(4, N)).all(), "(4, M) @ (M, N) -> (4, N)"

# %% [markdown] lang="en"
# The loop made 24 mult-adds: 4 pixels times 2 channels times 3 filters. The last line shows that a pointwise convolution is one matrix product. It needs no im2col, because
# there are no windows to copy: each row of the matrix is one pixel.
#
# Both steps together made $32 + 24 = 56$ mult-adds. A standard convolution of the same sizes makes 96:

# %% [markdown] lang="ko" of="140d34f6"
# 곱셈-누산은 24번입니다. 픽셀 4개 x 채널 2개 x 필터 3개입니다. 마지막 줄에서 보듯이 점별 합성곱은 행렬 곱 한 번과 같습니다. 복사할 윈도우가 없으니 im2col도 필요 없습니다. 픽셀 하나가 그대로 행렬의 한 행이 됩니다.
#
# 두 단계를 합치면 $32 + 24 = 56$번입니다. 같은 크기의 표준 합성곱은 96번입니다.

# %%
_, both_steps = nm.conv.separable_conv(image[np.newaxis], d, p, padding="valid")
_, one_step = nm.conv.standard_conv(image[np.newaxis], np.ones((D_K, D_K, M, N)), padding="valid")
print(both_steps, "against", one_step)
assert (both_steps, one_step) == (56, 96), "32 + 24, and 4 windows x 4 x 2 channels x 3 filters"

# %% [markdown] lang="en"
# ## Do the two steps compute the same function?
#
# In lesson 1, im2col changed only the order of the work, and the result was the same. Is the split also just a faster way to the same result?
#
# **Predict first.** Can the two steps compute *every* standard convolution, if we choose $\hat K$ and $P$ well?
#
# We put equation 3 into the equation of the pointwise step:
#
# $$G_{k,l,n} = \sum_m P_{m,n} \sum_{i,j} \hat K_{i,j,m} \cdot F_{k+i-1,\;l+j-1,\;m} = \sum_{i,j,m} \left( \hat K_{i,j,m} \cdot P_{m,n} \right) F_{k+i-1,\;l+j-1,\;m}$$
#
# This is equation 1 with the kernel $K_{i,j,m,n} = \hat K_{i,j,m} \cdot P_{m,n}$. So the two steps are equal to a standard convolution *with this special kernel*. In code the special kernel is `d[:, :, :, np.newaxis] * p`:

# %% [markdown] lang="ko" of="562efde1"
# ## 표준 합성곱과의 차이
#
# 1강의 im2col은 계산 순서만 바꾸었고 결과는 같았습니다. 둘로 나누는 것도 같은 결과를 빨리 얻는 방법일 뿐일까요?
#
# **먼저 예상해 보세요.** $\hat K$와 $P$를 잘 고르면 어떤 표준 합성곱이든 두 단계로 똑같이 계산할 수 있을까요?
#
# 점별 단계의 식에 식 3을 대입합니다.
#
# $$G_{k,l,n} = \sum_m P_{m,n} \sum_{i,j} \hat K_{i,j,m} \cdot F_{k+i-1,\;l+j-1,\;m} = \sum_{i,j,m} \left( \hat K_{i,j,m} \cdot P_{m,n} \right) F_{k+i-1,\;l+j-1,\;m}$$
#
# 식 1에 커널 $K_{i,j,m,n} = \hat K_{i,j,m} \cdot P_{m,n}$을 넣은 것과 똑같습니다. 즉 두 단계의 결과는 이 특별한 커널을 쓴 표준 합성곱의 결과와 같습니다. 이 커널을 코드로 쓰면 `d[:, :, :, np.newaxis] * p`입니다.

# %%
rng = np.random.default_rng(0)
x, d, p = rng.normal(size=(1, 8, 8, 2)), rng.normal(size=(3, 3, 2)), rng.normal(size=(2, 5))
product = d[:, :, :, np.newaxis] * p  # (D_K, D_K, M, 1) * (M, N) -> (D_K, D_K, M, N)
y_standard, _ = nm.loops.standard_conv(x, product)
y_separable, _ = nm.conv.separable_conv(x, d, p)
print("largest difference:", abs(y_standard - y_separable).max())
assert np.allclose(y_standard, y_separable), "product[i, j, m, n] must be d[i, j, m] * p[m, n]"

# %% [markdown] lang="en"
# The difference is a few times $10^{-15}$. This is only rounding: the two ways add the same products in a different order.
#
# Most kernels do not have this form. Take one input channel and two filters: the first finds horizontal edges, the second finds vertical edges.
#
# $$\begin{pmatrix} 1 & 1 \\ -1 & -1 \end{pmatrix} \qquad \begin{pmatrix} 1 & -1 \\ 1 & -1 \end{pmatrix}$$
#
# With $M = 1$ the depthwise step makes a single channel. The pointwise step can only multiply this channel by $P_{0,0}$ and by $P_{0,1}$, so both output channels are multiples of the same feature map.
# The next cell uses the first filter as `d` and lets `np.linalg.lstsq` find the best possible `p`.

# %% [markdown] lang="ko" of="597970fe"
# 차이는 $10^{-15}$의 몇 배 정도입니다. 더하는 순서가 달라서 생기는 반올림 오차일 뿐입니다.
#
# 하지만 커널은 대부분 이런 형태가 아닙니다. 입력 채널이 하나이고 필터가 두 개인 예를 봅시다. 첫 번째 필터는 가로 방향 경계(edge)를, 두 번째 필터는 세로 방향 경계를 찾습니다.
#
# $$\begin{pmatrix} 1 & 1 \\ -1 & -1 \end{pmatrix} \qquad \begin{pmatrix} 1 & -1 \\ 1 & -1 \end{pmatrix}$$
#
# $M = 1$이면 깊이별 단계의 출력은 채널 하나입니다. 점별 단계에서 할 수 있는 것은 이 채널에 $P_{0,0}$과 $P_{0,1}$을 곱하는 것뿐이므로, 두 출력 채널은 모두 같은 특징 맵의 상수배가 됩니다.
# 다음 셀에서는 첫 번째 필터를 `d`로 두고, 결과가 원하는 출력에 가장 가까워지는 `p`를 최소제곱법(`np.linalg.lstsq`)으로 찾습니다.

# %%
horizontal, vertical = [[1.0, 1], [-1, -1]], [[1.0, -1], [1, -1]]
edges = np.stack([horizontal, vertical], axis=-1)[:, :, np.newaxis]  # (D_K, D_K, M, N) = (2, 2, 1, 2)
x = rng.normal(size=(1, 8, 8, 1))
wanted, _ = nm.loops.standard_conv(x, edges)  # (1, 8, 8, 2)
filtered, _ = nm.loops.depthwise_conv(x, edges[..., 0])  # d = the first filter
p = np.linalg.lstsq(filtered.reshape(64, 1), wanted.reshape(64, 2), rcond=None)[0]  # the p that comes closest
y, _ = nm.loops.pointwise_conv(filtered, p)
print("largest error in output channel 0 and 1:", abs(wanted - y).max(axis=(0, 1, 2)).round(2))
assert not np.allclose(wanted, y), "the second output should be impossible to reach"

# %% [markdown] lang="en"
# The first output channel is right. The second is wrong, although the input is the same and `p` is the best possible one. Another `d` does not help:
# to make both channels right, `d` would have to be a multiple of both filters, and the two filters are not multiples of each other.
#
# The rank of a matrix says this exactly. For one input channel $m$, write the kernel as a matrix with $D_K^2$ rows and $N$ columns, one column for each filter. The matrix has **rank 1** if all its columns
# are multiples of one column that is not zero. The two steps can compute exactly those kernels whose matrix has rank 1 for every $m$ (or is zero).

# %% [markdown] lang="ko" of="0866cad0"
# 첫 번째 출력 채널은 맞습니다. 그러나 두 번째 출력 채널은 입력이 같고 가장 좋은 `p`를 썼는데도 틀립니다. `d`를 바꾸어도 마찬가지입니다. 두 채널이 모두 맞으려면 `d`가 두 필터 모두의 상수배여야 하는데, 두 필터는 서로 상수배가 아닙니다.
#
# 선형대수의 용어로 정리해 봅시다. 입력 채널 $m$ 하나에 대해 커널을 크기가 $D_K^2 \times N$인 행렬로 씁니다. 필터 하나가 한 열입니다. 모든 열이 (0이 아닌) 한 열의 상수배일 때 행렬의 **랭크**(rank)가 1이라고 합니다.
# 두 단계로 정확히 계산할 수 있는 커널은 모든 $m$에서 이 행렬의 랭크가 1인 (또는 영행렬인) 커널뿐입니다.

# %%
for name, kernel, expected in (("product", product, [1, 1]), ("edges", edges, [2])):
    D_K, _, M, N = kernel.shape
    ranks = [int(np.linalg.matrix_rank(kernel[:, :, m].reshape(D_K * D_K, N))) for m in range(M)]
    print(name, ranks)
    assert ranks == expected, "one matrix for each input channel, one column for each filter"

# %% [markdown] lang="en"
# The product kernel has rank 1 in both channels. The kernel with the two edge filters has rank 2. So the two steps compute **a different and weaker function**: every depthwise separable convolution
# can be written as a standard convolution, but most standard convolutions cannot be split into two steps.
#
# MobileNet does not convert trained standard kernels. It is trained with the two small kernels from the start. MobileNet also puts batch normalization and a ReLU between the two steps (lesson 3 explains both).
# The two steps together are then no longer a single convolution.

# %% [markdown] lang="ko" of="14800662"
# 곱으로 만든 커널은 두 채널 모두 랭크가 1이고, 경계를 찾는 커널은 랭크가 2입니다. 그러니까 둘로 나누면 **다른 함수, 그것도 표현력이 더 약한 함수**가 됩니다. 깊이별 분리 합성곱은 모두 표준 합성곱으로 쓸 수 있지만, 표준 합성곱은 대부분 둘로 나눌 수 없습니다.
#
# MobileNet은 이미 학습된 표준 커널을 둘로 나누는 것이 아니라, 처음부터 작은 커널 두 개를 학습합니다. 그리고 실제 MobileNet에서는 두 단계 사이에 배치 정규화와 ReLU가 들어갑니다(3강에서 배웁니다). 이때는 두 단계를 합성곱 하나로 합쳐서 쓸 수 없습니다.

# %% [markdown] lang="en"
# ## How much does each step cost?
#
# A convolution uses each of its parameters once for every output pixel. So the number of mult-adds is the number of parameters times the number of output pixels.
# With stride 1 and padding `"same"` the output is as large as the input, and the paper writes $D_F \cdot D_F$ for the number of pixels:
#
# | | parameters | mult-adds | in the paper |
# |---|---|---|---|
# | standard | `D_K * D_K * M * N` | `D_K * D_K * M * N * D_F * D_F` | equation 2 |
# | depthwise | `D_K * D_K * M` | `D_K * D_K * M * D_F * D_F` | equation 4 |
# | pointwise | `M * N` | `M * N * D_F * D_F` | equation 5, second term |
#
# A worked example: an image of 32 x 32 pixels with 3 channels, 3 x 3 kernels, and 64 output channels.
#
# **Predict first.** How many times fewer mult-adds do the two steps need? Write your guess down.

# %% [markdown] lang="ko" of="cdaa4248"
# ## 두 단계의 연산량과 매개변수
#
# 두 단계의 연산량은 각각 얼마일까요? 합성곱은 출력 픽셀 하나를 계산할 때 매개변수를 한 번씩 모두 사용합니다. 그래서 곱셈-누산 횟수는 (매개변수 수) x (출력 픽셀 수)입니다.
# 스트라이드가 1이고 패딩이 `"same"`이면 출력의 크기가 입력과 같습니다. 그래서 논문에서는 픽셀 수를 $D_F \cdot D_F$로 씁니다.
#
# | | 매개변수 수 | 곱셈-누산 횟수 | 논문 |
# |---|---|---|---|
# | 표준 | `D_K * D_K * M * N` | `D_K * D_K * M * N * D_F * D_F` | 식 2 |
# | 깊이별 | `D_K * D_K * M` | `D_K * D_K * M * D_F * D_F` | 식 4 |
# | 점별 | `M * N` | `M * N * D_F * D_F` | 식 5의 두 번째 항 |
#
# 예제를 하나 풀어 봅시다. 이미지는 32 x 32 픽셀에 채널이 3개, 커널은 3 x 3, 출력 채널은 64개입니다.
#
# **먼저 예상해 보세요.** 두 단계로 나누면 곱셈-누산이 몇 분의 1로 줄어들까요? 예상한 답을 적어 두세요.

# %% jupyter={"outputs_hidden": true}
D_K, M, N, D_F = 3, 3, 64, 32
standard = D_K * D_K * M * N * D_F * D_F
depthwise, pointwise = D_K * D_K * M * D_F * D_F, M * N * D_F * D_F
print(f"standard {standard:,}; depthwise {depthwise:,} + pointwise {pointwise:,} = {depthwise + pointwise:,}")
print(f"{standard / (depthwise + pointwise):.1f} times fewer")
assert (standard, depthwise + pointwise) == (1_769_472, 224_256), "use 3, 3, 64 and 32 for the four letters"

# %% [markdown] lang="en"
# These numbers come from formulas. To check them, we run the loops on real arrays and count each mult-add. The standard convolution makes almost two million of them, so the cell needs a few seconds.

# %% [markdown] lang="ko" of="bb009a2f"
# 여기까지는 식으로 구한 값입니다. 이제 실제 배열로 반복문을 돌리면서 곱셈-누산을 하나씩 세어 확인합시다. 표준 합성곱의 곱셈-누산이 200만 번에 가까워서 몇 초 걸립니다.

# %%
x, kernel = rng.normal(size=(1, D_F, D_F, M)), rng.normal(size=(D_K, D_K, M, N))
d, p = rng.normal(size=(D_K, D_K, M)), rng.normal(size=(M, N))
_, counted_standard = nm.loops.standard_conv(x, kernel)
filtered, counted_depthwise = nm.loops.depthwise_conv(x, d)
y, counted_pointwise = nm.loops.pointwise_conv(filtered, p)
print(f"standard {counted_standard:,}; depthwise {counted_depthwise:,} + pointwise {counted_pointwise:,}")

# %%
assert counted_standard == standard, "is D_F 32?"
assert (counted_depthwise, counted_pointwise) == (depthwise, pointwise), "is its input `filtered`?"
y_conv, reported = nm.conv.separable_conv(x, d, p)
assert np.allclose(y, y_conv) and reported == depthwise + pointwise, "conv must agree in answer and in count"
watched = nm.counting.count(nm.conv.separable_conv, x, d, p)  # numbers that count themselves, as in lesson 1
assert watched.multiplications == reported, "each mult-add has exactly one multiplication"
print("parameters:", kernel.size, "against", d.size, "+", p.size, "=", d.size + p.size)
assert (kernel.size, d.size + p.size) == (1728, 219), "the table says how many: 3 * 3 * 3 * 64 ..."

# %% [markdown] lang="en"
# The counted numbers and the formulas agree exactly. `nm.conv`, which uses matrix products instead of loops, gives the same answer and reports the same count, and so do numbers that count their own multiplications. The parameters fall by the same factor, from 1,728 to 219.

# %% [markdown] lang="ko" of="ddd8c89f"
# 직접 센 횟수가 식으로 구한 값과 정확히 같습니다. 반복문 대신 행렬 곱을 쓰는 `nm.conv`도 결과와 횟수가 모두 같고, 곱할 때마다 횟수가 자동으로 기록되는 숫자로 실행해도 횟수가 같습니다. 매개변수도 1,728개에서 219개로, 같은 비율로 줄어듭니다.

# %% [markdown] lang="en"
# ## Where does the ratio 1/N + 1/D_K² come from?
#
# We divide the cost of the two steps by the cost of the standard convolution:
#
# $$\frac{D_K^2 \cdot M \cdot D_F^2 + M \cdot N \cdot D_F^2}{D_K^2 \cdot M \cdot N \cdot D_F^2}
# = \frac{D_K^2 \cdot M \cdot D_F^2}{D_K^2 \cdot M \cdot N \cdot D_F^2} + \frac{M \cdot N \cdot D_F^2}{D_K^2 \cdot M \cdot N \cdot D_F^2}
# = \frac{1}{N} + \frac{1}{D_K^2}$$
#
# In the first of the two fractions everything cancels except $N$. In the second, everything cancels except $D_K^2$. So $\frac{1}{N}$ comes from the depthwise step and $\frac{1}{D_K^2}$ comes from the pointwise step.
# The ratio does not depend on the image size $D_F$ or on the number of input channels $M$. We check this with exact fractions:

# %% [markdown] lang="ko" of="5b71f968"
# ## 비율 1/N + 1/D_K²의 유도
#
# 연산량이 어떤 비율로 줄어드는지 식으로 구해 봅시다. 두 단계의 연산량을 표준 합성곱의 연산량으로 나눕니다.
#
# $$\frac{D_K^2 \cdot M \cdot D_F^2 + M \cdot N \cdot D_F^2}{D_K^2 \cdot M \cdot N \cdot D_F^2}
# = \frac{D_K^2 \cdot M \cdot D_F^2}{D_K^2 \cdot M \cdot N \cdot D_F^2} + \frac{M \cdot N \cdot D_F^2}{D_K^2 \cdot M \cdot N \cdot D_F^2}
# = \frac{1}{N} + \frac{1}{D_K^2}$$
#
# 첫 번째 항을 약분하면 $N$만 남고, 두 번째 항을 약분하면 $D_K^2$만 남습니다. 즉 $\frac{1}{N}$은 깊이별 단계, $\frac{1}{D_K^2}$은 점별 단계에서 나옵니다. 이미지 크기 $D_F$와 입력 채널 수 $M$은 비율에 영향을 주지 않습니다. 파이썬의 분수(Fraction)로 오차 없이 확인해 봅시다.

# %%
ratio = Fraction(counted_depthwise + counted_pointwise, counted_standard)
print(ratio, "=", Fraction(1, N), "+", Fraction(1, D_K**2), "=", round(float(ratio), 4))
assert ratio == Fraction(1, N) + Fraction(1, D_K**2), "the ratio contains D_K, not D_F"
assert ratio == nm.cost.separable_ratio(D_K, N), "the package has the same formula"
assert ratio == Fraction(d.size + p.size, kernel.size), "the parameters have the same ratio"

# %% [markdown] lang="en"
# The ratio is $\frac{73}{576} = 0.1267$: the two steps need about one eighth of the mult-adds, or 7.9 times fewer.
#
# **Predict first.** The kernels stay 3 x 3 and $N$ grows more and more. Does the ratio approach 0?

# %% [markdown] lang="ko" of="9659158b"
# 비율은 $\frac{73}{576} = 0.1267$입니다. 곱셈-누산 횟수가 7.9분의 1, 그러니까 약 8분의 1로 줄어듭니다.
#
# **먼저 예상해 보세요.** 커널은 3 x 3 그대로 두고 $N$만 계속 늘리면 비율은 0에 가까워질까요?

# %% jupyter={"outputs_hidden": true}
nm.plots.ratios(D_Ks=(3, 5, 7))

# %% [markdown] lang="en"
# Each curve approaches its thin horizontal line at $\frac{1}{D_K^2}$ and never goes below it. For 3 x 3 kernels the line is at $\frac{1}{9}$, so **a 3 x 3 kernel can never save more than a factor of 9**, no matter how large $N$ is.
# At $N = 1$ all curves are above 1: with a single output channel, the two steps need *more* mult-adds than the standard convolution.

# %% [markdown] lang="ko" of="87b74025"
# 세 곡선은 각각 높이가 $\frac{1}{D_K^2}$인 가는 가로선에 가까워지지만, 그 아래로는 내려가지 않습니다. 3 x 3 커널의 하한은 $\frac{1}{9}$입니다. 그러므로 **3 x 3 커널에서는 $N$이 아무리 커도 연산량이 9분의 1보다 작아질 수 없습니다.**
# $N = 1$에서는 모든 곡선이 1보다 큽니다. 출력 채널이 하나뿐이면 두 단계의 연산량이 표준 합성곱보다 오히려 많습니다.

# %% [markdown] lang="en"
# ## What does the difference look like, step by step?
#
# The page below runs a standard convolution and a depthwise separable convolution side by side: an image of 4 x 4 pixels with $M = 2$ channels, 3 x 3 kernels, $N = 3$ output channels. In each step, each side makes one mult-add.
#
# **Predict first.** Which side is done first? What part of its work has the other side done by then?
#
# Then run the cell, show its output, and press **Play**. After that, point at any output (or go to it with Tab and the arrow keys): you see its window, all its products and their sum, on both sides. The two sides are different functions of the same image, so their outputs differ. Switch on **rank-1 kernel**: now the standard kernel is the product of the depthwise and the pointwise kernel, and the outputs agree.

# %% [markdown] lang="ko" of="432166d5"
# ## 나란히 실행한 두 방법
#
# 두 방법은 실행 과정이 어떻게 다를까요? 아래 화면에서는 표준 합성곱과 깊이별 분리 합성곱을 나란히 실행합니다. 이미지는 4 x 4 픽셀에 채널이 $M = 2$개, 커널은 3 x 3, 출력 채널은 $N = 3$개입니다. 한 번 진행할 때마다 양쪽에서 곱셈-누산을 한 번씩 합니다.
#
# **먼저 예상해 보세요.** 어느 방법이 먼저 끝날까요? 그때 다른 방법은 전체의 몇 분의 몇을 계산했을까요?
#
# 예상했으면 셀을 실행하고 출력을 펼쳐서 **재생**을 누르세요. 다 보았으면 출력 칸 하나를 마우스로 가리키세요(Tab 키와 화살표 키로 옮겨 가도 됩니다). 그 출력의 윈도우와 모든 곱, 곱의 합이 양쪽에 나타납니다. 두 방법은 같은 이미지를 읽지만 서로 다른 함수이므로 출력이 다릅니다. **랭크 1 커널**을 켜 보세요. 표준 합성곱의 커널이 깊이별 커널과 점별 커널의 곱이 되고, 두 출력이 일치합니다.

# %% jupyter={"outputs_hidden": true}
nm.interactive.stepper(size=4, D_K=3, M=2, N=3)

# %%
assert Fraction(384, 864) == nm.cost.separable_ratio(D_K=3, N=3) == Fraction(4, 9), "1/3 + 1/9"

# %% [markdown] lang="en"
# The separable side is done after 384 mult-adds. The standard side needs 864, so it has done $\frac{384}{864} = \frac{4}{9} = \frac{1}{3} + \frac{1}{9}$ of its work by then. This is the ratio for $N = 3$. With more output channels the difference becomes larger.

# %% [markdown] lang="ko" of="df356d06"
# 깊이별 분리 합성곱은 곱셈-누산 384번 만에 끝납니다. 표준 합성곱은 864번이 필요하므로, 그때까지 전체의 $\frac{384}{864} = \frac{4}{9} = \frac{1}{3} + \frac{1}{9}$을 계산했습니다. $N = 3$일 때의 비율입니다. 출력 채널이 많을수록 차이가 더 벌어집니다.

# %% [markdown] lang="en"
# ## Where is the mistake in the study note?
#
# The general formulas in the study note are right: they are the same as ours. Then the note puts in the numbers of our worked example ($D_K = 3$, $M = 3$, $N = 64$, $D_F = 32$):
#
# $$32 \cdot 32 \cdot 3 \cdot 3 \cdot 3 + 3 \cdot 64 \cdot 3 \cdot 3 = 29{,}376 \qquad \frac{29{,}376}{1{,}769{,}472} \approx 0.0167$$
#
# The note also checks the result with the ratio: $\frac{1}{64} + \frac{1}{32^2} \approx 0.0167$. The check agrees, but both numbers are wrong.
#
# **Predict first.** Find the mistake on paper before you run the next cells. Below are three ways to find it. Each of them works without the other two.
#
# **Way 1: check the units.** $M \cdot N$ is the number of mult-adds *per pixel*, so it must be multiplied by a number of *pixels*. The note multiplies it by $3 \cdot 3$, which is the number of elements in a kernel.
# We can also test this: if the side of the image doubles, there are four times as many pixels, and the cost must become four times as large.

# %% [markdown] lang="ko" of="27bd4721"
# ## 스터디 노트의 계산 오류
#
# 스터디 노트의 계산 순서와 일반식은 모두 맞습니다. 일반식은 앞에서 유도한 식과 같습니다. 그런데 우리 예제의 숫자($D_K = 3$, $M = 3$, $N = 64$, $D_F = 32$)를 대입하는 곳에서 이렇게 계산했습니다.
#
# $$32 \cdot 32 \cdot 3 \cdot 3 \cdot 3 + 3 \cdot 64 \cdot 3 \cdot 3 = 29{,}376 \qquad \frac{29{,}376}{1{,}769{,}472} \approx 0.0167$$
#
# 그리고 비율 공식으로 검산해서 $\frac{1}{64} + \frac{1}{32^2} \approx 0.0167$을 얻었습니다. 두 결과가 일치하지만, 사실은 둘 다 틀렸습니다.
#
# **먼저 예상해 보세요.** 다음 셀을 실행하기 전에 오류가 어디에 있는지 종이에 적어 가며 찾아보세요. 아래에서는 오류를 찾는 방법을 세 가지 소개합니다. 어느 방법이든 그 하나만으로 오류를 찾을 수 있습니다.
#
# **방법 1: 단위 확인.** $M \cdot N$은 **픽셀당** 곱셈-누산 횟수입니다. 그러므로 **픽셀 수**를 곱해야 합니다. 그런데 노트에서 곱한 $3 \cdot 3$은 픽셀 수가 아니라 커널의 원소 개수입니다.
# 실행해서 확인할 수도 있습니다. 이미지의 한 변의 길이가 2배가 되면 픽셀 수는 4배가 되므로, 연산량도 4배가 되어야 합니다.

# %%
for side in (32, 64):
    _, counted = nm.conv.pointwise_conv(np.ones((1, side, side, M)), np.ones((M, N)))
    print(f"{side} x {side}: counted {counted:,}, the note's term {3 * 64 * 3 * 3:,}")
assert counted == 4 * pointwise, "twice the side, four times the pixels"

# %% [markdown] lang="en"
# The counted cost grows from 196,608 to 786,432. The note's term $3 \cdot 64 \cdot 3 \cdot 3 = 1{,}728$ stays the same, because it contains no 32. So this term must be wrong.
#
# **Way 2: compare with the limit.** Pencil and paper are enough: 3 x 3 kernels cannot save more than a factor of 9, and $1 / 0.0167$ is about 60.

# %% [markdown] lang="ko" of="a7840a86"
# 실제 횟수는 196,608번에서 786,432번으로 4배가 됩니다. 그런데 노트의 항 $3 \cdot 64 \cdot 3 \cdot 3 = 1{,}728$에는 32가 없어서 값이 그대로입니다. 따라서 이 항이 틀렸습니다.
#
# **방법 2: 하한과 비교.** 종이와 연필이면 충분합니다. 3 x 3 커널에서는 연산량이 9분의 1보다 작아질 수 없는데, $1 / 0.0167$은 약 60입니다.

# %%
claimed = Fraction(29_376, standard)
print(f"the note: {float(1 / claimed):.0f} times fewer; possible: at most {D_K**2} times fewer")
assert claimed < Fraction(1, D_K**2), "below 1/9: impossible for a 3 x 3 kernel"

# %% [markdown] lang="en"
# The note claims 60 times fewer mult-adds. This is impossible.
#
# **Way 3: execute and count.** The loops above counted 27,648 + 196,608 = 224,256 mult-adds, not 29,376. Here is the note's calculation next to the correct one:
#
# | | study note | correct |
# |---|---|---|
# | depthwise | 32·32·3·3·3 = 27,648 | 32·32·3·3·3 = 27,648 |
# | pointwise | 3·64·**3·3** = 1,728 | 3·64·**32·32** = 196,608 |
# | sum | 29,376 | 224,256 |
# | sum / 1,769,472 | 0.0167 (17/1024 = 0.0166) | 0.1267 |
# | check | 1/64 + 1/**32**² = 0.0167 | 1/64 + 1/**3**² = 0.1267 |

# %% [markdown] lang="ko" of="99214380"
# 노트의 결과대로라면 연산량이 60분의 1이 되는데, 이것은 불가능합니다.
#
# **방법 3: 실행해서 세기.** 앞에서 반복문으로 센 횟수는 29,376번이 아니라 27,648 + 196,608 = 224,256번이었습니다. 노트의 풀이와 바른 풀이를 나란히 놓아 봅시다.
#
# | | 스터디 노트 | 바른 풀이 |
# |---|---|---|
# | 깊이별 | 32·32·3·3·3 = 27,648 | 32·32·3·3·3 = 27,648 |
# | 점별 | 3·64·**3·3** = 1,728 | 3·64·**32·32** = 196,608 |
# | 합계 | 29,376 | 224,256 |
# | 합계 / 1,769,472 | 0.0167(17/1024 = 0.0166) | 0.1267 |
# | 검산 | 1/64 + 1/**32**² = 0.0167 | 1/64 + 1/**3**² = 0.1267 |

# %%
note = D_F * D_F * D_K * D_K * M + M * N * D_K * D_K  # the last two factors should be D_F * D_F
note_check = Fraction(1, N) + Fraction(1, D_F**2)  # D_F should be D_K
print(f"note {note:,}, counted {counted_depthwise + counted_pointwise:,}")
print(f"the note's ratio {Fraction(note, standard)} = {note / standard:.4f}, the note's check {note_check}")
assert Fraction(note, standard) == note_check == Fraction(17, 1024), "both contain the same mistake"

# %% [markdown] lang="en"
# The note exchanged $D_K$ and $D_F$ twice: it wrote $D_K$ instead of $D_F$ in the pointwise term, and $D_F$ instead of $D_K$ in the check. Because both lines contain the same mistake, the two wrong results agree.
# A check is useful only if it does not repeat the steps of the calculation. The three ways above do not repeat them: they use the units, the limit of 9, and an executed count.

# %% [markdown] lang="ko" of="8839bda8"
# 노트에서는 $D_K$와 $D_F$가 두 곳에서 서로 바뀌었습니다. 점별 항에는 $D_F$ 대신 $D_K$를, 검산에는 $D_K$ 대신 $D_F$를 대입했습니다. 두 식에 같은 실수가 들어 있으니 틀린 결과끼리 일치한 것입니다. 누구나 하기 쉬운 실수입니다.
# 검산은 원래 풀이와 다른 방법으로 해야 의미가 있습니다. 위의 세 방법은 각각 단위, 하한 9분의 1, 실제로 센 횟수를 이용하므로 같은 실수를 되풀이하지 않습니다.

# %% [markdown] lang="en"
# ## How much accuracy does the split cost?
#
# The two steps compute a weaker function, so we expect a lower accuracy. The authors trained both versions of the network on ImageNet, a data set of photos in 1,000 classes (Table 4 of the paper).
# **Top-1 accuracy** is the share of test images for which the class with the highest score is the right one.
#
# | | top-1 accuracy | mult-adds | parameters |
# |---|---|---|---|
# | Conv MobileNet (standard convolutions) | 71.7 % | 4,866 million | 29.3 million |
# | MobileNet (depthwise separable convolutions) | 70.6 % | 569 million | 4.2 million |
#
# **Predict first.** How many times smaller are the last two columns in the second row?

# %% [markdown] lang="ko" of="470cb726"
# ## 정확도의 차이
#
# 둘로 나누면 표현력이 약해진다고 했습니다. 정확도는 얼마나 떨어질까요? 논문의 저자들은 두 버전의 네트워크를 ImageNet으로 학습했습니다. ImageNet은 클래스가 1,000개인 사진 데이터셋입니다. 결과는 논문의 표 4에 있습니다.
# **top-1 정확도**는 점수가 가장 높은 클래스가 정답인 이미지의 비율입니다.
#
# | | top-1 정확도 | 곱셈-누산 횟수 | 매개변수 수 |
# |---|---|---|---|
# | Conv MobileNet(표준 합성곱 버전) | 71.7% | 48억 6,600만 | 2,930만 |
# | MobileNet(깊이별 분리 합성곱) | 70.6% | 5억 6,900만 | 420만 |
#
# **먼저 예상해 보세요.** 곱셈-누산 횟수와 매개변수 수는 각각 몇 분의 1로 줄었을까요?

# %% jupyter={"outputs_hidden": true}
print(f"mult-adds: {4866 / 569:.1f} times fewer, parameters: {29.3 / 4.2:.1f} times fewer")
print(f"top-1: {71.7 - 70.6:.1f} percentage points lower, {10 * (71.7 - 70.6):.0f} of 1000 images")
assert round(4866 / 569, 1) == 8.6 and round(29.3 / 4.2, 1) == 7.0, "divide the first row by the second"
assert 4866 / 569 < 9, "the limit of 9 holds for the whole network too"

# %% [markdown] lang="en"
# The network with the split needs 8.6 times fewer mult-adds and 7 times fewer parameters. Its accuracy is 1.1 percentage points lower: of 1,000 test images, it classifies about 11 more images wrongly. We cannot train on ImageNet in class, so the
# accuracies are quoted from the paper. Lesson 3 counts the 569 million mult-adds again, layer by layer.

# %% [markdown] lang="ko" of="bc3968cc"
# 둘로 나눈 네트워크는 곱셈-누산 횟수가 8.6분의 1, 매개변수 수가 7분의 1입니다. 그 대신 정확도가 1.1%p 낮아집니다. 테스트 이미지 1,000장 가운데 약 11장을 더 틀리는 셈입니다.
# 수업 시간에 ImageNet을 학습할 수는 없으므로 정확도는 논문에 실린 값을 그대로 옮겼습니다. 곱셈-누산 5억 6,900만 번은 3강에서 층마다 다시 세어 봅니다.

# %% [markdown] lang="en"
# ## Do our formulas give the paper's Table 3?
#
# Table 3 takes one layer of MobileNet, with $D_K = 3$, $M = N = 512$ and $D_F = 14$, and makes it cheaper in three steps:
#
# 1. split it into a depthwise and a pointwise step;
# 2. multiply the numbers of channels by the **width multiplier** $\alpha = 0.75$, so that $M = N = 384$;
# 3. multiply the side of the input by the **resolution multiplier** $\rho = 0.714$, so that $D_F = 10$.
#
# Lesson 4 is about $\alpha$ and $\rho$. Here we only put the sizes into our formulas and compare.

# %% [markdown] lang="ko" of="93b91cf5"
# ## 논문 표 3의 재계산
#
# 우리 식으로 논문의 표 3을 다시 구할 수 있을까요? 표 3에서는 MobileNet의 한 층($D_K = 3$, $M = N = 512$, $D_F = 14$)을 골라서 세 번에 걸쳐 연산량을 줄입니다.
#
# 1. 깊이별 단계와 점별 단계로 나눕니다.
# 2. 채널 수에 **너비 승수**(width multiplier) $\alpha = 0.75$를 곱합니다. $M = N = 384$가 됩니다.
# 3. 입력의 한 변의 길이에 **해상도 승수**(resolution multiplier) $\rho = 0.714$를 곱합니다. $D_F = 10$이 됩니다.
#
# $\alpha$와 $\rho$는 4강에서 자세히 배웁니다. 여기서는 크기만 식에 대입해서 논문의 값과 비교합니다.

# %%
ours = [(nm.cost.standard(3, 512, 512, 14), 3 * 3 * 512 * 512)]
for M, D_F in ((512, 14), (384, 14), (384, 10)):  # M = N
    ours.append((nm.cost.depthwise(3, M, D_F) + nm.cost.pointwise(M, M, D_F), 3 * 3 * M + M * M))
paper = ["462 and 2.36", "52.3 and 0.27", "29.6 and 0.15", "15.1 and 0.15"]  # millions, as in Table 3
for in_paper, (mult_adds, parameters) in zip(paper, ours):
    print(f"{in_paper:13} in the paper; {mult_adds:11,} mult-adds, {parameters:9,} parameters here")
    here = f"{mult_adds / 1e6:.3g} and {parameters / 1e6:.2f}"  # rounded to the paper's digits
    assert here == in_paper, "did both M and N become smaller?"
print(f"the split alone: {ours[0][0] / ours[1][0]:.1f} times fewer mult-adds")

# %% [markdown] lang="en"
# All eight numbers agree with the paper. The split alone makes the layer 8.8 times cheaper (462 against 52.3 million mult-adds). That is close to the limit of 9, because $N = 512$ is large and $\frac{1}{N}$ is small.

# %% [markdown] lang="ko" of="4b5766b9"
# 논문에 실린 여덟 개의 값과 모두 일치합니다. 두 단계로 나누기만 해도 곱셈-누산이 4억 6,200만 번에서 5,230만 번으로, 8.8분의 1이 됩니다. $N = 512$가 커서 $\frac{1}{N}$이 작으므로 하한인 9분의 1에 가깝습니다.

# %% [markdown] lang="en"
# ## With stride 2, which side goes into the formula?
#
# With stride 2 the kernel moves two pixels at a time, so the side of the output is half the side of the input: $D_G = D_F / 2$ for even $D_F$. The formulas in the paper contain only $D_F$. A footnote says that input and output are assumed to have the same size.
#
# **Predict first.** $D_F = 8$, $M = 2$, $D_K = 3$, stride 2. Does a depthwise convolution make $3 \cdot 3 \cdot 2 \cdot 8 \cdot 8 = 1{,}152$ mult-adds or $3 \cdot 3 \cdot 2 \cdot 4 \cdot 4 = 288$?

# %% [markdown] lang="ko" of="c440db2c"
# ## 스트라이드가 2일 때의 연산량
#
# 스트라이드가 2이면 커널이 두 픽셀씩 이동하므로 출력의 한 변의 길이가 입력의 절반이 됩니다. $D_F$가 짝수이면 $D_G = D_F / 2$입니다. 그런데 논문의 식에는 $D_F$만 나옵니다. 입력과 출력의 크기가 같다고 가정했기 때문입니다(논문의 각주). 그러면 스트라이드가 2일 때는 식에 어느 길이를 넣어야 할까요?
#
# **먼저 예상해 보세요.** $D_F = 8$, $M = 2$, $D_K = 3$, 스트라이드 2인 깊이별 합성곱의 곱셈-누산은 $3 \cdot 3 \cdot 2 \cdot 8 \cdot 8 = 1{,}152$번일까요, $3 \cdot 3 \cdot 2 \cdot 4 \cdot 4 = 288$번일까요?

# %% jupyter={"outputs_hidden": true}
y, counted = nm.loops.depthwise_conv(np.ones((1, 8, 8, 2)), np.ones((3, 3, 2)), stride=2)
print(f"output {y.shape}, counted {counted}; with D_G {3 * 3 * 2 * 4 * 4}, with D_F {3 * 3 * 2 * 8 * 8}")
assert counted == nm.cost.depthwise(D_K=3, M=2, D_G=4) == 288, "cost wants the side of the output"

# %% [markdown] lang="en"
# The count is 288, so the side of the *output*, $D_G$, goes into the formula: the kernel does its work once for each output pixel. If you put in $D_F$, the result is four times too large.

# %% [markdown] lang="ko" of="36ae931c"
# 실제 횟수는 288번입니다. 커널은 출력 픽셀마다 한 번씩 계산하므로, 식에는 **출력**의 한 변의 길이 $D_G$를 넣어야 합니다. $D_F$를 넣으면 연산량이 4배로 잘못 나옵니다.

# %% [markdown] lang="en"
# ## Summary
#
# - The depthwise step filters each channel with its own $D_K \times D_K$ kernel. The pointwise step combines the channels at each pixel with an $M \times N$ matrix.
# - The two steps need $\frac{1}{N} + \frac{1}{D_K^2}$ of the mult-adds and of the parameters of a standard convolution, but never less than $\frac{1}{D_K^2}$.
# - They compute a weaker function: they equal a standard convolution only if its kernel has the form $\hat K_{i,j,m} \cdot P_{m,n}$. On ImageNet the accuracy is 1.1 percentage points lower.
# - A check is useful only if it does not repeat the steps of the calculation.

# %% [markdown] lang="ko" of="3e88c115"
# ## 정리
#
# - 깊이별 단계는 채널마다 전용 $D_K \times D_K$ 커널로 필터링합니다. 점별 단계는 $M \times N$ 행렬로 픽셀마다 채널을 결합합니다.
# - 두 단계의 곱셈-누산 횟수와 매개변수 수는 표준 합성곱의 $\frac{1}{N} + \frac{1}{D_K^2}$배이고, $\frac{1}{D_K^2}$보다 작아지지 않습니다.
# - 두 단계로 나누면 표현력이 약해집니다. 표준 합성곱의 커널이 $\hat K_{i,j,m} \cdot P_{m,n}$ 꼴일 때만 두 단계로 똑같이 계산할 수 있습니다. ImageNet에서는 정확도가 1.1%p 낮아집니다.
# - 검산은 원래 풀이와 다른 방법으로 해야 합니다.

# %% [markdown] lang="en"
# ## Exercises
#
# **1.** By hand: $D_K = 5$ and $N = 100$. What is the ratio?
#
# <details><summary>Answer 1</summary>
#
# $\frac{1}{100} + \frac{1}{25} = 0.05$, so 20 times fewer mult-adds.
#
# </details>
#
# **2.** By hand: an input of 4 x 4 pixels with 2 channels, 3 x 3 kernels, no padding, stride 1, 4 output channels. How many mult-adds does each step make, and how many does a standard convolution make?
#
# <details><summary>Answer 2</summary>
#
# The output has 2 x 2 pixels. Depthwise: $3 \cdot 3 \cdot 2 \cdot 2 \cdot 2 = 72$. Pointwise: $2 \cdot 4 \cdot 2 \cdot 2 = 32$. Standard: $3 \cdot 3 \cdot 2 \cdot 4 \cdot 2 \cdot 2 = 288$. The ratio is $\frac{104}{288} = \frac{13}{36} = \frac{1}{4} + \frac{1}{9}$.
#
# </details>
#
# **3.** For which $N$ do the depthwise and the pointwise step cost the same, with 3 x 3 kernels? Which step costs more in the MobileNet of Table 4, where $N$ is at least 64?
#
# <details><summary>Answer 3</summary>
#
# The terms $\frac{1}{N}$ and $\frac{1}{9}$ are equal at $N = 9$. For larger $N$ the pointwise step costs more: at $N = 64$ it costs $\frac{64}{9} \approx 7.1$ times as much.
#
# </details>
#
# **4.** One input channel, two filters: $\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$ and $\begin{pmatrix} 2 & 4 \\ 6 & 8 \end{pmatrix}$. Can the two steps compute this convolution? And if the 8 becomes a 9?
#
# <details><summary>Answer 4</summary>
#
# Yes: the second filter is 2 times the first, so the rank is 1. Take the first filter as $\hat K$, and $P = (1, 2)$. With a 9, the second filter is not a multiple of the first. The rank is 2, and the two steps cannot compute it.
#
# </details>

# %% [markdown] lang="ko" of="f0775cf0"
# ## 연습 문제
#
# **1.** (손 계산) $D_K = 5$, $N = 100$이면 비율은 얼마인가요?
#
# <details><summary>1번 답</summary>
#
# $\frac{1}{100} + \frac{1}{25} = 0.05$입니다. 곱셈-누산 횟수가 20분의 1로 줄어듭니다.
#
# </details>
#
# **2.** (손 계산) 입력은 4 x 4 픽셀에 채널 2개, 커널은 3 x 3, 패딩 없음, 스트라이드 1, 출력 채널은 4개입니다. 각 단계와 표준 합성곱의 곱셈-누산 횟수를 구하세요.
#
# <details><summary>2번 답</summary>
#
# 출력은 2 x 2 픽셀입니다. 깊이별 단계는 $3 \cdot 3 \cdot 2 \cdot 2 \cdot 2 = 72$번, 점별 단계는 $2 \cdot 4 \cdot 2 \cdot 2 = 32$번, 표준 합성곱은 $3 \cdot 3 \cdot 2 \cdot 4 \cdot 2 \cdot 2 = 288$번입니다. 비율은 $\frac{104}{288} = \frac{13}{36} = \frac{1}{4} + \frac{1}{9}$입니다.
#
# </details>
#
# **3.** 3 x 3 커널에서 깊이별 단계와 점별 단계의 연산량이 같아지는 $N$은 얼마인가요? 표 4의 MobileNet에서는 $N$이 64 이상입니다. 어느 단계의 연산량이 더 많을까요?
#
# <details><summary>3번 답</summary>
#
# $\frac{1}{N}$과 $\frac{1}{9}$이 같아지는 $N = 9$입니다. $N$이 더 크면 점별 단계의 연산량이 더 많습니다. $N = 64$이면 $\frac{64}{9} \approx 7.1$배입니다.
#
# </details>
#
# **4.** 입력 채널은 하나, 필터는 $\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$와 $\begin{pmatrix} 2 & 4 \\ 6 & 8 \end{pmatrix}$ 두 개입니다. 이 합성곱을 두 단계로 계산할 수 있을까요? 8을 9로 바꾸면 어떻게 될까요?
#
# <details><summary>4번 답</summary>
#
# 계산할 수 있습니다. 두 번째 필터가 첫 번째 필터의 2배이므로 랭크가 1입니다. $\hat K$는 첫 번째 필터, $P = (1, 2)$로 두면 됩니다. 8을 9로 바꾸면 상수배가 아니어서 랭크가 2가 되므로 두 단계로는 계산할 수 없습니다.
#
# </details>

# %% [markdown] lang="en"
# **5.** (Code) Write `my_pointwise_conv(x, kernel)`. The argument `x` has the shape `(B, H, W, M)` and `kernel` has the shape `(M, N)`. Return an array `y` of the shape `(B, H, W, N)`. Use one matrix product and no loop.
# The check in the cell compares `y` with `nm.loops.pointwise_conv` (by `np.allclose`).

# %% [markdown] lang="ko" of="6c8c41ca"
# **5.** (코딩) 함수 `my_pointwise_conv(x, kernel)`을 작성하세요. `x`의 형상은 `(B, H, W, M)`, `kernel`의 형상은 `(M, N)`입니다. 형상이 `(B, H, W, N)`인 배열 `y`를 반환하세요. 반복문 없이 행렬 곱 한 번만 사용합니다.
# 셀 안의 검사 코드가 `y`를 `nm.loops.pointwise_conv`의 결과와 비교합니다(`np.allclose`).


# %%
def my_pointwise_conv(x, kernel):
    raise NotImplementedError("Exercise 5: write my_pointwise_conv, then run this cell again")


x, kernel = rng.normal(size=(2, 4, 5, 3)), rng.normal(size=(3, 6))
try:
    y = my_pointwise_conv(x, kernel)
    assert y.shape == (2, 4, 5, 6), f"y must have the shape (B, H, W, N) = (2, 4, 5, 6), but has {y.shape}"
    assert np.allclose(y, nm.loops.pointwise_conv(x, kernel)[0]), "the shape is right, but the values are not"
    print("Exercise 5 is right.")
except NotImplementedError as todo:
    print(todo)

# %% [markdown] lang="en"
# <details><summary>Answer 5</summary>
#
# ```python
# def my_pointwise_conv(x, kernel):
#     return x @ kernel  # NumPy multiplies along the last axis: (B, H, W, M) @ (M, N) -> (B, H, W, N)
# ```
#
# </details>
#
# **6.** (Code) Write `my_depthwise_conv(x, kernel)` for stride 1 without padding. The argument `x` has the shape `(B, H, W, M)` and `kernel` has the shape `(D_K, D_K, M)`. Return `(y, mult_adds)`: `y` is the output, and
# `mult_adds` is an `int` that you increase by 1 at each mult-add. The check compares both with `nm.loops.depthwise_conv(x, kernel, padding="valid")`.

# %% [markdown] lang="ko" of="02b4c759"
# <details><summary>5번 답</summary>
#
# ```python
# def my_pointwise_conv(x, kernel):
#     return x @ kernel  # NumPy는 마지막 축을 따라 곱합니다: (B, H, W, M) @ (M, N) -> (B, H, W, N)
# ```
#
# </details>
#
# **6.** (코딩) 스트라이드가 1이고 패딩이 없는 `my_depthwise_conv(x, kernel)`을 작성하세요. `x`의 형상은 `(B, H, W, M)`, `kernel`의 형상은 `(D_K, D_K, M)`입니다. `(y, mult_adds)`를 반환하세요. `y`는 출력이고, `mult_adds`는 곱셈-누산을 할 때마다 1씩 늘린 `int`입니다.
# 검사 코드가 둘 다 `nm.loops.depthwise_conv(x, kernel, padding="valid")`의 결과와 비교합니다.


# %%
def my_depthwise_conv(x, kernel):
    raise NotImplementedError("Exercise 6: write my_depthwise_conv, then run this cell again")


x, kernel = rng.normal(size=(2, 5, 4, 3)), rng.normal(size=(2, 2, 3))
right, count = nm.loops.depthwise_conv(x, kernel, padding="valid")
try:
    y, mult_adds = my_depthwise_conv(x, kernel)
    assert y.shape == right.shape, f"y must have the shape {right.shape}, but has {y.shape}: H' = H - D_K + 1"
    assert np.allclose(y, right), "wrong values: does channel m use kernel[:, :, m]?"
    assert mult_adds == count, f"{count} mult-adds are needed, but you counted {mult_adds}"
    print("Exercise 6 is right.")
except NotImplementedError as todo:
    print(todo)

# %% [markdown] lang="en"
# <details><summary>Answer 6</summary>
#
# ```python
# def my_depthwise_conv(x, kernel):
#     B, H, W, M = x.shape
#     D_K = kernel.shape[0]
#     y, mult_adds = np.zeros((B, H - D_K + 1, W - D_K + 1, M)), 0
#     for b, k, l, m in np.ndindex(y.shape):
#         for i, j in np.ndindex(D_K, D_K):
#             y[b, k, l, m] += kernel[i, j, m] * x[b, k + i, l + j, m]
#             mult_adds += 1
#     return y, mult_adds
# ```
#
# </details>

# %% [markdown] lang="ko" of="f68f6754"
# <details><summary>6번 답</summary>
#
# ```python
# def my_depthwise_conv(x, kernel):
#     B, H, W, M = x.shape
#     D_K = kernel.shape[0]
#     y, mult_adds = np.zeros((B, H - D_K + 1, W - D_K + 1, M)), 0
#     for b, k, l, m in np.ndindex(y.shape):
#         for i, j in np.ndindex(D_K, D_K):
#             y[b, k, l, m] += kernel[i, j, m] * x[b, k + i, l + j, m]
#             mult_adds += 1
#     return y, mult_adds
# ```
#
# </details>
