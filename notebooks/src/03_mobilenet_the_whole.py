# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # 3. MobileNet, the whole
#
# Lesson 2 split one convolution into two cheaper steps. In this lesson we build the whole network from these steps, run it on images, and count what every layer costs.
#
# After this lesson you can
#
# - write MobileNet as a table of layers, and compute the sizes in each row from the row above it;
# - explain what batch normalization, ReLU6, global average pooling and softmax do;
# - run an image through the network layer by layer, and check the number of mult-adds in four ways;
# - say which kind of layer makes most of the mult-adds and which layers hold most of the parameters;
# - find two mistakes in the tables of the paper by arithmetic alone.
#
# About 45 minutes, without the exercises. You need: lesson 2. Have pencil and paper ready.

# %% [markdown] lang="ko" of="be1bb4c0"
# # 3. MobileNet 전체
#
# 2강에서는 합성곱 하나를 연산량이 적은 두 단계로 나누었습니다. 이번 강의에서는 이 두 단계를 쌓아서 네트워크 전체를 만들고, 이미지를 넣어 실행하면서 층마다 연산량을 세어 봅니다.
#
# 이 강의를 마치면
#
# - MobileNet을 층의 표로 쓰고, 각 행의 크기를 바로 위 행에서 계산할 수 있습니다.
# - 배치 정규화, ReLU6, 전역 평균 풀링, 소프트맥스가 각각 무엇을 하는지 설명할 수 있습니다.
# - 이미지를 네트워크에 넣어 한 층씩 실행하고, 곱셈-누산 횟수를 네 가지 방법으로 확인할 수 있습니다.
# - 곱셈-누산이 어느 종류의 층에 많고 매개변수가 어느 층에 많은지 말할 수 있습니다.
# - 논문의 표에 있는 오류 두 개를 계산만으로 찾아낼 수 있습니다.
#
# 강의 시간은 연습 문제를 빼고 약 45분입니다. 2강의 내용을 알고 있으면 됩니다. 연필과 종이를 준비하세요.

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

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## Words from lessons 1 and 2
#
# A layer reads an input of `D_F` x `D_F` pixels with `M` channels and makes an output, its **feature map**, of `D_G` x `D_G` pixels with `N` channels. `D_K` is the side of its kernel. The kernel holds one **filter** for each output channel.
# A **window** is the part of the input that the kernel covers at one position. The **stride** is the number of pixels that the kernel moves from one position to the next. With padding `"same"` the output has the side $D_G = \lceil D_F / \text{stride} \rceil$: the quotient is rounded up.
# The **parameters** are the numbers that training finds. A **mult-add** is one multiplication together with the addition of its product to a sum.
#
# | convolution | what it does | parameters | mult-adds |
# |---|---|---|---|
# | standard | filters and combines all channels at once | `D_K * D_K * M * N` | `D_K * D_K * M * N * D_G * D_G` |
# | depthwise | filters each channel by itself, so `N` = `M` | `D_K * D_K * M` | `D_K * D_K * M * D_G * D_G` |
# | pointwise | combines the channels of each pixel | `M * N` | `M * N * D_G * D_G` |

# %% [markdown] lang="ko" of="7c25056c"
# ## 1강과 2강에서 배운 용어
#
# 한 층의 입력은 `D_F` x `D_F` 픽셀에 채널이 `M`개이고, 출력은 `D_G` x `D_G` 픽셀에 채널이 `N`개입니다. 이 출력을 **특징 맵**(feature map)이라고 합니다. `D_K`는 커널의 한 변의 길이입니다. 커널에는 출력 채널마다 **필터**(filter)가 하나씩 있습니다.
# **윈도우**(window)는 커널이 한 위치에서 덮는 입력의 영역입니다. **스트라이드**(stride, 보폭)는 커널이 한 번에 이동하는 픽셀 수입니다. 패딩이 `"same"`이면 출력의 한 변의 길이는 $D_G = \lceil D_F / \text{stride} \rceil$입니다. 나눈 결과를 올림한다는 뜻입니다.
# **매개변수**(parameter)는 커널의 원소처럼 학습으로 정해지는 값입니다. **곱셈-누산**(mult-add, MAC)은 곱셈 한 번과, 그 결과를 합에 더하는 덧셈 한 번을 묶어서 센 것입니다.
#
# | 합성곱 | 하는 일 | 매개변수 수 | 곱셈-누산 횟수 |
# |---|---|---|---|
# | 표준 | 필터링과 채널 결합을 한꺼번에 합니다 | `D_K * D_K * M * N` | `D_K * D_K * M * N * D_G * D_G` |
# | 깊이별 | 채널을 하나씩 따로 필터링합니다. 그래서 `N` = `M`입니다 | `D_K * D_K * M` | `D_K * D_K * M * D_G * D_G` |
# | 점별 | 픽셀마다 채널을 결합합니다 | `M * N` | `M * N * D_G * D_G` |
#
# 이번 강의의 출력에 나오는 영어는 다음과 같은 뜻입니다. 출력을 읽을 때 찾아보세요.
#
# | 출력 | 뜻 |
# |---|---|
# | ... million mult-adds in all | 곱셈-누산 모두 ...백만 번 |
# | changes the channels | 바뀌는 채널 |
# | counted in three ways | 세 가지 방법으로 센 횟수 |
# | multiplications | 곱셈 횟수 |
# | share of fc, of both | fc의 비중, 두 층을 합한 비중 |
# | of all | 전체 가운데 |
# | paper, ours | 논문에 실린 값, 우리가 구한 값 |
# | adds up to, instead of | 더하면, 대신에 |
# | ... of 360 are right | 360장 가운데 ...장이 정답 |

# %% [markdown] lang="en"
# ## Which layers does MobileNet have?
#
# MobileNet reads an image and chooses one of 1,000 **classes**, for example "tabby cat". The network has four parts:
#
# 1. `conv1`: one standard convolution with 32 filters of 3 x 3 and stride 2.
# 2. Thirteen **blocks**. Block 1 is the depthwise convolution `conv_dw_1` (3 x 3) followed by the pointwise convolution `conv_pw_1`, and so on up to `conv_dw_13` and `conv_pw_13`.
# 3. `pool`: **global average pooling** replaces each channel by the mean of all its pixels. One number per channel is left.
# 4. `fc`: a **fully connected layer**, the classifier. For each class it computes a weighted sum of all these numbers and adds a constant, the **bias**. The result is the **score** of this class. With $M$ numbers and $N$ classes this takes $M \cdot N$ mult-adds.
#
# Two numbers describe a block: the output channels of its pointwise step, and the stride of its depthwise step. All other sizes follow from them, as we will see next.

# %% [markdown] lang="ko" of="a06dde1e"
# ## MobileNet을 이루는 층
#
# MobileNet은 이미지를 받아서 1,000개의 **클래스**(class) 가운데 하나를 고릅니다. 예를 들면 "얼룩 고양이"(tabby cat)가 클래스 하나입니다. 이 네트워크는 어떤 층으로 이루어져 있을까요? 크게 네 부분으로 나눌 수 있습니다.
#
# 1. `conv1`: 3 x 3 필터 32개를 쓰는 표준 합성곱입니다. 스트라이드는 2입니다.
# 2. **블록**(block) 13개입니다. 1번 블록은 깊이별 합성곱 `conv_dw_1`(3 x 3)과 점별 합성곱 `conv_pw_1`이고, 이런 블록이 `conv_dw_13`과 `conv_pw_13`까지 이어집니다.
# 3. `pool`: **전역 평균 풀링**(global average pooling)입니다. 채널마다 모든 픽셀의 평균을 구합니다. 그러면 채널 하나에 숫자 하나만 남습니다.
# 4. `fc`: **완전 연결 층**(fully connected layer)이고, 분류기라고도 합니다. 클래스마다 이 숫자들의 가중합을 구하고 상수 하나, 즉 **편향**(bias)을 더합니다. 그 결과가 그 클래스의 **점수**(score)입니다. 숫자가 $M$개, 클래스가 $N$개이면 곱셈-누산은 $M \cdot N$번입니다.
#
# 블록 하나는 숫자 두 개로 나타낼 수 있습니다. 점별 단계의 출력 채널 수와 깊이별 단계의 스트라이드입니다. 나머지 크기는 이 두 숫자에서 모두 정해지는데, 어떻게 정해지는지는 바로 다음에 봅니다. 다음 셀은 블록마다 출력 채널 수(output channels)와 스트라이드를 출력합니다.

# %%
for number, (N, stride) in enumerate(nm.BLOCKS, start=1):
    print(f"block {number:2}: {N:4} output channels, stride {stride}")

# %% [markdown] lang="en"
# A layer reads what the layer before it has made. So its $M$ is the $N$ of the layer before, and its $D_F$ is the $D_G$ of the layer before.
#
# Take an image of 224 x 224 pixels with 3 channels (red, green, blue). `conv1` has stride 2, so its output has the side $D_G = 224 / 2 = 112$. We write the first three rows of the table by hand. `nm.Layer` is one row, and each size is given with its name:

# %% [markdown] lang="ko" of="7bb74235"
# 한 층의 입력은 바로 앞 층의 출력입니다. 그래서 한 층의 $M$은 앞 층의 $N$과 같고, $D_F$는 앞 층의 $D_G$와 같습니다.
#
# 224 x 224 픽셀에 채널이 3개(빨강, 초록, 파랑)인 이미지를 넣어 봅시다. `conv1`의 스트라이드가 2이므로 출력의 한 변의 길이는 $D_G = 224 / 2 = 112$입니다. 표의 처음 세 행을 직접 써 봅시다. `nm.Layer` 하나가 표의 한 행이고, 크기마다 이름을 붙여서 적습니다.

# %%
conv1 = nm.Layer(name="conv1", kind="standard", D_K=3, stride=2, M=3, N=32, D_F=224)
conv_dw_1 = nm.Layer(name="conv_dw_1", kind="depthwise", D_K=3, stride=1, M=32, N=32, D_F=112)
conv_pw_1 = nm.Layer(name="conv_pw_1", kind="pointwise", D_K=1, stride=1, M=32, N=64, D_F=112)
assert conv1.D_G == conv_dw_1.D_G == conv_pw_1.D_G == 112, "only conv1 has stride 2"

# %% [markdown] lang="en"
# **Predict first.** Block 2 has 128 output channels and stride 2. Write its two rows on paper: what are $M$, $N$, $D_F$ and $D_G$ of `conv_dw_2` and of `conv_pw_2`?

# %% [markdown] lang="ko" of="7e7d6dc5"
# **먼저 예상해 보세요.** 2번 블록은 출력 채널이 128개이고 스트라이드가 2입니다. 두 행을 종이에 써 보세요. `conv_dw_2`와 `conv_pw_2`의 $M$, $N$, $D_F$, $D_G$는 각각 얼마일까요?
#
# 답으로 출력되는 표의 영어는 다음과 같은 뜻입니다.
#
# | 출력 | 뜻 |
# |---|---|
# | layer, kind | 층의 이름, 층의 종류 |
# | stride, padding | 스트라이드, 패딩 |
# | standard, depthwise, pointwise | 표준 합성곱, 깊이별 합성곱, 점별 합성곱 |
# | pool, fully_connected | 풀링, 완전 연결 층 |

# %% jupyter={"outputs_hidden": true}
first_rows = nm.mobilenet()[:5]
assert first_rows[:3] == (conv1, conv_dw_1, conv_pw_1), "our three rows should be those of the package"
first_rows

# %% [markdown] lang="en"
# `conv_dw_2` reads 64 channels of 112 x 112 pixels. A depthwise convolution makes as many channels as it reads, so $N = M = 64$, and its stride 2 makes $D_G = 56$. `conv_pw_2` then reads these 64 channels of 56 x 56 pixels and makes 128.
#
# The next cell applies the same rules to all blocks. In Python, `layers[-1]` is the last row written so far.

# %% [markdown] lang="ko" of="e125add0"
# `conv_dw_2`의 입력은 112 x 112 픽셀, 64채널입니다. 깊이별 합성곱은 채널 수를 바꾸지 않으므로 $N = M = 64$이고, 스트라이드가 2이므로 $D_G = 56$입니다. `conv_pw_2`의 입력은 이 56 x 56 픽셀, 64채널이고 출력은 128채널입니다.
#
# 다음 셀은 같은 규칙을 모든 블록에 적용합니다. 파이썬에서 `layers[-1]`은 지금까지 쓴 행 가운데 마지막 행입니다.

# %%
layers = [conv1]
for number, (N, stride) in enumerate(nm.BLOCKS, start=1):
    M, D_F = layers[-1].N, layers[-1].D_G
    layers.append(nm.Layer(f"conv_dw_{number}", "depthwise", D_K=3, stride=stride, M=M, N=M, D_F=D_F))
    D_F = layers[-1].D_G
    layers.append(nm.Layer(f"conv_pw_{number}", "pointwise", D_K=1, stride=1, M=M, N=N, D_F=D_F))
M, D_F = layers[-1].N, layers[-1].D_G
layers.append(nm.Layer("pool", "pool", D_K=D_F, stride=1, M=M, N=M, D_F=D_F))
layers.append(nm.Layer("fc", "fully_connected", D_K=1, stride=1, M=M, N=1000, D_F=1))
assert tuple(layers) == nm.mobilenet(), "the package makes its table with the same rules"

# %% [markdown] lang="en"
# **Predict first.** Five layers have stride 2: `conv1` and four depthwise layers. Which side is left when the pool begins? And how many of the 29 rows have parameters?

# %% [markdown] lang="ko" of="8c0b0aab"
# **먼저 예상해 보세요.** 스트라이드가 2인 층은 다섯 개입니다. `conv1`과 깊이별 층 네 개입니다. 풀링에 들어가는 특징 맵의 한 변의 길이는 얼마일까요? 그리고 29개 행 가운데 매개변수가 있는 행은 몇 개일까요?

# %% jupyter={"outputs_hidden": true}
assert layers[-2].D_F == 224 // 2**5 == 7, "the side is halved five times"
assert sum(nm.cost.parameters(layer) > 0 for layer in layers) == 28, "only the pool has no parameters"
nm.mobilenet()

# %% [markdown] lang="en"
# The side is halved five times: 224, 112, 56, 28, 14, 7. At the same time the channels grow from 3 to 1,024. Only the pool has no parameters, so 28 rows have some. This is how the paper counts when it says that MobileNet has 28 layers: `conv1`, 13 times 2, and `fc`.

# %% [markdown] lang="ko" of="af44b63a"
# 한 변의 길이는 224, 112, 56, 28, 14, 7로 다섯 번 절반이 됩니다. 그동안 채널은 3개에서 1,024개로 늘어납니다. 매개변수가 없는 행은 풀링뿐이므로 답은 28개입니다. 논문에서 MobileNet이 28층이라고 하는 것도 이렇게 센 결과입니다. `conv1` 한 층, 블록 13개에 두 층씩 26층, 그리고 `fc` 한 층입니다.

# %% [markdown] lang="en"
# ## What happens when a side is odd?
#
# With 224 pixels each halving is exact. With an image of another size, a layer of stride 2 can get an input with an odd side. Then the frameworks differ, because they pad differently.
#
# Take $D_F = 5$, $D_K = 3$ and stride 2. Without padding the output has the side `(D_F - D_K) // 2 + 1` (lesson 1), where `//` divides and rounds down. Rows of zeros make `D_F` larger. The image has the rows 0 to 4, and `z` is a row of zeros:
#
# | framework | padding in this package | rows of zeros | output side | rows in each window |
# |---|---|---|---|---|
# | TensorFlow | `"same"` | as many as are needed to round up: here 1 above, 1 below | 3 | `z01`, `123`, `34z` |
# | PyTorch | `"symmetric"` | always 1 above, 1 below | 3 | `z01`, `123`, `34z` |
# | MobileNet in Keras, depthwise layers | `"keras"` | always 1 below | 2 | `012`, `234` |
#
# The same holds for the columns. We run the three on an image of ones and look at the shapes:

# %% [markdown] lang="ko" of="9da2eb6f"
# ## 한 변의 길이가 홀수일 때
#
# 이미지가 224 x 224 픽셀이면 한 변의 길이가 언제나 정확히 절반이 됩니다. 그런데 이미지의 크기가 다르면 스트라이드가 2인 층에 한 변의 길이가 홀수인 입력이 들어올 수 있습니다. 이때는 어떻게 될까요? 프레임워크마다 패딩 방식이 달라서 결과도 다릅니다.
#
# $D_F = 5$, $D_K = 3$이고 스트라이드가 2인 경우를 봅시다. 패딩이 없으면 출력의 한 변의 길이는 `(D_F - D_K) // 2 + 1`입니다(1강). `//`는 나누고 버림한다는 뜻입니다. 0으로 채운 행을 더하면 `D_F`가 그만큼 늘어납니다. 아래 표의 패딩 이름은 이 패키지에서 쓰는 이름이고, D_G는 출력의 한 변의 길이입니다. 이미지의 행은 0번부터 4번까지이고, `z`는 0으로 채운 행입니다.
#
# | 프레임워크 | 패딩 이름 | 0으로 채운 행 | D_G | 윈도우마다 들어가는 행 |
# |---|---|---|---|---|
# | TensorFlow | `"same"` | 결과가 올림이 되는 데 필요한 만큼(여기서는 위 1개, 아래 1개) | 3 | `z01`, `123`, `34z` |
# | PyTorch | `"symmetric"` | 언제나 위 1개, 아래 1개 | 3 | `z01`, `123`, `34z` |
# | Keras(MobileNet의 깊이별 층) | `"keras"` | 언제나 아래 1개 | 2 | `012`, `234` |
#
# 열도 마찬가지입니다. 모든 원소가 1인 이미지로 세 가지를 실행해서 출력의 형상을 비교해 봅시다.

# %%
ones, kernel = np.ones((1, 5, 5, 1)), np.ones((3, 3, 1))
for padding in ("same", "symmetric", "keras"):
    y, mult_adds = nm.loops.depthwise_conv(ones, kernel, stride=2, padding=padding)
    print(f"{padding:9} output {y.shape}, {mult_adds} mult-adds")

# %% [markdown] lang="en"
# TensorFlow and PyTorch **round up**: $\lceil 5/2 \rceil = 3$. The depthwise layers of MobileNet in Keras **round down**: $\lfloor 5/2 \rfloor = 2$, and so they make fewer mult-adds. (Its `conv1` rounds up.) On an even side all three give the same output side.
#
# **Predict first.** An image of 225 x 225 pixels enters the network. Follow the side through the five layers of stride 2, with TensorFlow's rule and with that of Keras.

# %% [markdown] lang="ko" of="86bb0b88"
# TensorFlow와 PyTorch에서는 **올림**을 해서 $\lceil 5/2 \rceil = 3$이 됩니다. Keras의 MobileNet에서는 깊이별 층이 **버림**을 해서 $\lfloor 5/2 \rfloor = 2$가 되고, 곱셈-누산도 더 적습니다. (Keras에서도 `conv1`은 올림을 합니다.) 한 변의 길이가 짝수이면 세 가지 모두 출력의 크기가 같습니다.
#
# **먼저 예상해 보세요.** 225 x 225 픽셀 이미지를 네트워크에 넣습니다. 스트라이드가 2인 층 다섯 개를 지날 때마다 한 변의 길이가 어떻게 변하는지 TensorFlow의 규칙과 Keras의 규칙으로 각각 구해 보세요.

# %% jupyter={"outputs_hidden": true}
for padding in ("same", "keras"):
    network = nm.mobilenet(resolution=225, padding=padding)
    print(f"{padding:5}", 225, [layer.D_G for layer in network if layer.stride == 2])
assert network[-2].D_F == 7, "225, 113, then rounded down: 56, 28, 14, 7"

# %% [markdown] lang="en"
# The same weights fit both networks, because no kernel depends on the side of the image. But the last feature maps have 8 x 8 or 7 x 7 pixels, so the results and the costs differ. Lesson 4 computes the costs, and lesson 7 measures what a wrong padding does to the answers.

# %% [markdown] lang="ko" of="7fe6dd19"
# 커널의 크기는 이미지의 크기와 관계가 없으므로 두 네트워크에 같은 가중치를 쓸 수 있습니다. 하지만 마지막 특징 맵이 8 x 8 픽셀과 7 x 7 픽셀로 다르기 때문에 결과도 연산량도 달라집니다. 연산량의 차이는 4강에서 계산하고, 패딩이 틀리면 답이 얼마나 나빠지는지는 7강에서 측정합니다.

# %% [markdown] lang="en"
# ## Which row of the paper's Table 1 cannot be right?
#
# Table 1 of the paper is the same table of layers. Below are its last seven rows as the paper prints them: kind of layer and stride (`dw` means depthwise, `s2` means stride 2), kernel, and size of the *input*.
#
# **Predict first.** One row contradicts the row below it. Which one?

# %% [markdown] lang="ko" of="e1f3f4df"
# ## 논문 표 1의 오류
#
# 논문의 표 1도 같은 층의 표인데, 틀린 행이 하나 있습니다. 마지막 일곱 행을 논문에 실린 그대로 출력해 봅시다. 왼쪽부터 층의 종류와 스트라이드(`dw`는 깊이별, `s2`는 스트라이드 2), 커널, **입력**의 크기입니다. Avg Pool은 평균 풀링, FC는 완전 연결 층, Classifier는 분류기입니다.
#
# **먼저 예상해 보세요.** 바로 아래 행과 모순되는 행이 하나 있습니다. 어느 행일까요?

# %%
from npmobile.paper.printed import PAPER

for kind, kernel, size, _ in PAPER[0].rows[-7:]:
    print(f"{kind:14} {kernel:15} {size}")

# %% jupyter={"outputs_hidden": true}
wrong_row = nm.Layer("conv_dw_13", "depthwise", D_K=3, stride=2, M=1024, N=1024, D_F=7)
print(f"{wrong_row.D_F} x {wrong_row.D_F} with stride 2 becomes {wrong_row.D_G} x {wrong_row.D_G}")
for stride in (1, 2):
    network = nm.mobilenet(blocks=(*nm.BLOCKS[:-1], (1024, stride)))
    total = sum(nm.cost.mult_adds(layer) for layer in network)
    print(f"stride {stride}: {total / 1e6:.1f} million mult-adds in all")

# %% [markdown] lang="en"
# It is the row `Conv dw / s2` with the input 7x7x1024. With stride 2 its output would be 4 x 4 (in Keras 3 x 3), but the row below it has the input 7x7x1024 again.
#
# So either the stride or the size below is wrong. The paper's own total decides: it prints 569 million mult-adds for the whole network (Table 6). With stride 1 the layers add up to 568.7 million, with stride 2 only to 533.8 million. So the stride must be 1.

# %% [markdown] lang="ko" of="b8c3245f"
# 입력이 7x7x1024인 `Conv dw / s2` 행입니다. 스트라이드가 2이면 출력은 4 x 4(Keras라면 3 x 3)가 되어야 하는데, 바로 아래 행의 입력이 다시 7x7x1024입니다.
#
# 스트라이드가 틀렸거나, 아래 행의 크기가 틀렸거나 둘 중 하나입니다. 어느 쪽인지는 논문에 실린 합계를 보면 알 수 있습니다. 논문의 표 6에는 네트워크 전체의 곱셈-누산이 569 million(5억 6,900만)으로 실려 있습니다. 스트라이드가 1이면 합계가 5억 6,870만 번이고, 2이면 5억 3,380만 번밖에 되지 않습니다. 따라서 스트라이드는 1이어야 합니다.

# %% [markdown] lang="en"
# ## What comes after each convolution?
#
# The paper puts two operations after every convolution (section 3.2):
#
# - **Batch normalization** (short: batch norm) multiplies each channel by one number and adds another number to it. Training finds these numbers so that the values of each channel keep a useful size. Lesson 7 gives the formula.
# - **ReLU** replaces every negative number by 0: $\max(x, 0)$. Without such an operation each score would be a weighted sum of the input values plus a constant, however many layers there are, and one single layer could compute the same.
#
# The paper says ReLU. The networks that its authors released use **ReLU6**, which also replaces every number above 6 by 6: $\min(\max(x, 0), 6)$. This package uses ReLU6, because it runs the released weights. Like the paper, we do not count these operations as mult-adds.
#
# After the last block comes the global average pooling, and after the classifier comes **softmax**. It turns the scores $s_n$ into probabilities: positive numbers with the sum 1.
#
# $$p_n = \frac{e^{s_n}}{\sum_i e^{s_i}}$$
#
# **Predict first.** Three small examples. What do ReLU and ReLU6 make of $-1$, $0.5$, $3$ and $8$? What does global average pooling make of the channel $\begin{pmatrix} 1 & 2 \\ 3 & 6 \end{pmatrix}$? Which probabilities belong to the scores $0$, $0$ and $\ln 2$?

# %% [markdown] lang="ko" of="f42dc389"
# ## 합성곱 다음에 오는 계산
#
# 합성곱의 결과가 그대로 다음 층의 입력이 될까요? 논문에서는 모든 합성곱 뒤에 두 가지 계산을 더 합니다(3.2절).
#
# - **배치 정규화**(batch normalization)는 채널마다 숫자 하나를 곱하고 다른 숫자 하나를 더하는 계산입니다. 이 숫자들은 각 채널의 값이 적당한 크기를 유지하도록 학습으로 정해집니다. 식은 7강에서 배웁니다.
# - **ReLU**는 음수를 모두 0으로 바꾸는 계산입니다. 식으로 쓰면 $\max(x, 0)$입니다. 이런 계산이 없으면 층을 아무리 많이 쌓아도 점수는 입력의 가중합에 상수를 더한 값일 뿐이어서, 층 하나로도 같은 결과를 낼 수 있습니다.
#
# 논문에는 ReLU라고 되어 있습니다. 그런데 저자들이 공개한 네트워크에서는 **ReLU6**을 씁니다. ReLU6은 6보다 큰 값도 6으로 바꿉니다. 식으로 쓰면 $\min(\max(x, 0), 6)$입니다. 이 패키지에서는 공개된 가중치를 그대로 쓰기 때문에 ReLU6으로 계산합니다. 논문과 마찬가지로 이 계산들은 곱셈-누산으로 세지 않습니다.
#
# 마지막 블록 다음에는 전역 평균 풀링이, 분류기 다음에는 **소프트맥스**(softmax)가 옵니다. 소프트맥스는 점수 $s_n$을 확률, 즉 모두 양수이고 합이 1인 값으로 바꿉니다.
#
# $$p_n = \frac{e^{s_n}}{\sum_i e^{s_i}}$$
#
# **먼저 예상해 보세요.** 작은 예제 세 개입니다. $-1$, $0.5$, $3$, $8$에 ReLU와 ReLU6을 적용하면 각각 어떻게 될까요? 채널 $\begin{pmatrix} 1 & 2 \\ 3 & 6 \end{pmatrix}$에 전역 평균 풀링을 적용하면 얼마일까요? 점수가 $0$, $0$, $\ln 2$이면 확률은 각각 얼마일까요?

# %% jupyter={"outputs_hidden": true}
values = np.array([-1, 0.5, 3, 8])
channel = np.array([[1.0, 2], [3, 6]]).reshape(1, 2, 2, 1)  # (B, D_F, D_F, M)
print("ReLU   ", np.maximum(values, 0))
print("ReLU6  ", nm.ops.relu6(values))
print("pool   ", nm.ops.global_average_pool(channel))  # (B, D_F, D_F, M) -> (B, M)
print("softmax", nm.ops.softmax(np.array([0, 0, np.log(2)])))

# %% [markdown] lang="en"
# ReLU gives 0, 0.5, 3 and 8, and ReLU6 gives 0, 0.5, 3 and 6. The mean of 1, 2, 3 and 6 is 3. Because $e^0 = 1$ and $e^{\ln 2} = 2$, the probabilities are $\frac{1}{4}$, $\frac{1}{4}$ and $\frac{2}{4}$.

# %% [markdown] lang="ko" of="72f23bb9"
# ReLU의 결과는 0, 0.5, 3, 8이고 ReLU6의 결과는 0, 0.5, 3, 6입니다. 1, 2, 3, 6의 평균은 3입니다. $e^0 = 1$, $e^{\ln 2} = 2$이므로 확률은 $\frac{1}{4}$, $\frac{1}{4}$, $\frac{2}{4}$입니다.

# %% [markdown] lang="en"
# ## How does an image pass through the network?
#
# To compute the output of the network from an image is called the **forward pass**. One loop over the table of layers is enough. The output `x` of each layer is the input of the next one.

# %% [markdown] lang="ko" of="704aa9fa"
# ## 순전파
#
# 이미지를 네트워크에 넣으면 어떤 계산을 차례로 거칠까요? 이미지에서 네트워크의 출력까지 계산하는 것을 **순전파**(forward pass)라고 합니다. 층의 표를 위에서부터 한 행씩 처리하는 반복문 하나면 됩니다. 한 층의 출력 `x`가 다음 층의 입력이 됩니다.


# %%
def convolve(x, layer, kernel):
    if layer.kind == "pointwise":
        return nm.conv.pointwise_conv(x, kernel)
    conv = nm.conv.standard_conv if layer.kind == "standard" else nm.conv.depthwise_conv
    return conv(x, kernel, layer.stride, layer.padding)


# %%
def forward(x, layers, weights):
    for layer in layers:
        arrays, mult_adds = dict(weights.get(layer.name, {})), 0  # the pool has no arrays
        if layer.kind == "pool":
            x = nm.ops.global_average_pool(x)  # (B, D_F, D_F, M) -> (B, M)
        elif layer.kind == "fully_connected":
            x, mult_adds = nm.ops.fully_connected(x, **arrays)  # (B, M) -> (B, N)
        else:
            x, mult_adds = convolve(x, layer, arrays.pop("kernel"))  # -> (B, D_G, D_G, N)
            x = nm.ops.relu6(nm.ops.batch_norm(x, **arrays))
        yield layer, x, mult_adds


# %% [markdown] lang="en"
# `B` is the number of images that are computed together (the batch). `arrays` holds the weights of one layer: its kernel and the four arrays of its batch norm.
# The word `yield` gives the result of one layer to the caller, and then the loop goes on with the next layer.
#
# Now we need weights. The package contains a small MobileNet that was trained to read handwritten digits. It has the same layers, but only a quarter of the channels, and it reads images of 32 x 32 pixels in ten classes. `digits_test()` gives 360 images that were not used for training.

# %% [markdown] lang="ko" of="dcb71eb9"
# `B`는 한꺼번에 계산하는 이미지 개수(배치 크기)입니다. `arrays`에는 한 층의 가중치, 즉 커널과 배치 정규화의 배열 네 개가 들어 있습니다.
# `yield`는 한 층의 결과를 함수를 호출한 곳에 돌려줍니다. 그다음 반복문은 다음 층으로 넘어갑니다.
#
# 이제 가중치가 필요합니다. 이 패키지에는 손글씨 숫자를 인식하도록 학습한 작은 MobileNet이 들어 있습니다. 층의 구성은 같지만 채널 수가 4분의 1이고, 32 x 32 픽셀 이미지를 10개 클래스로 분류합니다. `digits_test()`는 학습에 쓰지 않은 이미지 360장을 돌려줍니다.

# %%
model = nm.digits()
x, labels = nm.digits_test()
print(f"{len(x)} images of {x.shape[1:]}, values from {x.min():g} to {x.max():g}; the first is a {labels[0]}")
nm.plots.guesses((1 - x[0]) / 2, model.classify(x[0], k=3))  # dark ink on white paper

# %% [markdown] lang="en"
# The network gives the digit 7 a probability of about 99 %, and 7 is right. What happened in between? We print the shape after each layer, and the mult-adds that the layer made.

# %% [markdown] lang="ko" of="0701289d"
# 네트워크의 답은 확률 약 99%로 숫자 7이고, 정답입니다. 입력과 답 사이에서는 어떤 계산을 했을까요? 층마다 결과의 형상과 곱셈-누산 횟수를 출력해 봅시다.

# %%
steps = list(forward(x[:1], model.layers, model.weights))
for layer, y, mult_adds in steps:
    print(f"{layer.name:11} {y.shape!s:16} {mult_adds:7,}")
*_, last = model.forward(x[:1])
assert np.allclose(y, last.y, atol=1e-4), "the package has the same loop"

# %% [markdown] lang="en"
# The shape is `(B, D_G, D_G, N)`. The side falls from 32 to 16, 8, 4, 2 and 1. So in this small network each channel has a single pixel at the end, and the pool has nothing left to average. The last line has the shape (1, 10): one score for each of the ten digits.

# %% [markdown] lang="ko" of="ee4fd981"
# 형상은 `(B, D_G, D_G, N)`입니다. 한 변의 길이가 32에서 16, 8, 4, 2, 1로 줄어듭니다. 그래서 이 작은 네트워크에서는 마지막에 채널마다 픽셀이 하나뿐이어서, 풀링에서 평균을 낼 것이 없습니다. 마지막 줄의 형상은 (1, 10)입니다. 0부터 9까지 숫자 10개의 점수가 하나씩 들어 있습니다.

# %% [markdown] lang="en"
# ## What do the feature maps look like?
#
# Here are the first eight channels of the feature maps after `conv1`, `conv_dw_1` and `conv_pw_1`. All channels in one figure have the same scale, which the bar on the right shows. White is 0, the smallest value that ReLU6 can give.

# %% [markdown] lang="ko" of="65e04bde"
# ## 특징 맵의 모습
#
# 네트워크 안의 특징 맵은 어떻게 생겼을까요? `conv1`, `conv_dw_1`, `conv_pw_1` 다음의 특징 맵에서 처음 여덟 채널을 그려 봅시다. n은 채널 번호입니다. 한 그림의 여덟 채널은 모두 같은 눈금으로 그렸고, 오른쪽 막대가 그 눈금입니다. 흰색은 0, 즉 ReLU6의 결과 가운데 가장 작은 값입니다.

# %%
nm.plots.feature_maps(steps[0][1])

# %%
nm.plots.feature_maps(steps[1][1])

# %%
nm.plots.feature_maps(steps[2][1])

# %% [markdown] lang="en"
# A pixel is white where the result of the batch norm was negative, because ReLU6 replaced it by 0. A channel is pale if its values are small: in the first figure, all values of channel 6 are far below the largest values of channel 0.
#
# Compare the first two figures column by column. Channel 7 shows the ink of the digit in both, because the depthwise layer computes each channel from the same channel alone. In the third figure a channel does not belong to the one above it any more.
#
# **Predict first.** We add 1 to channel 0 of the first figure, at every pixel. Which output channels of the next convolution change, if it is depthwise? And if it is pointwise?

# %% [markdown] lang="ko" of="047c7af6"
# 흰 픽셀은 배치 정규화의 결과가 음수여서 ReLU6에서 0이 된 곳입니다. 전체적으로 옅은 채널은 값이 작은 채널입니다. 첫 번째 그림에서 6번 채널의 값은 모두 0번 채널의 가장 큰 값보다 훨씬 작습니다.
#
# 첫 번째 그림과 두 번째 그림을 위아래로 비교해 보세요. 7번 채널은 두 그림에서 모두 글씨가 보입니다. 깊이별 층은 채널마다 같은 번호의 채널만 사용하기 때문입니다. 세 번째 그림에서는 위아래 채널이 더 이상 서로 대응하지 않습니다.
#
# **먼저 예상해 보세요.** 첫 번째 그림에서 0번 채널의 모든 픽셀에 1을 더합니다. 다음 합성곱이 깊이별 합성곱이면 어느 출력 채널이 바뀔까요? 점별 합성곱이면 어떨까요?

# %% jupyter={"outputs_hidden": true}
before = steps[0][1]  # (1, 16, 16, 8)
after = before + np.eye(8, dtype=np.float32)[0]  # 1 more in channel 0
for name, conv in (("conv_dw_1", nm.conv.depthwise_conv), ("conv_pw_1", nm.conv.pointwise_conv)):
    kernel = model.weights[name]["kernel"]
    difference = conv(after, kernel)[0] - conv(before, kernel)[0]
    print(name, "changes the channels", np.flatnonzero(difference.any(axis=(0, 1, 2))))

# %% [markdown] lang="en"
# The depthwise convolution changes channel 0 only. The pointwise convolution changes all 16 output channels, because each of them is a weighted sum of all input channels. This is what lesson 2 said about the two steps, now in a trained network.

# %% [markdown] lang="ko" of="0178aa1e"
# 깊이별 합성곱에서는 0번 채널만 바뀝니다. 점별 합성곱에서는 출력 채널 16개가 모두 바뀝니다. 어느 출력 채널이든 모든 입력 채널의 가중합이기 때문입니다. 2강에서 배운 두 단계의 차이를 학습된 네트워크에서 확인했습니다.

# %% [markdown] lang="en"
# ## Does every layer cost what the formula says?
#
# We first count in three ways, and none of them uses another. `conv` reports the size of the matrix product that it ran. `loops` runs the network with nested loops and adds 1 at every mult-add. `cost` evaluates the formulas of the first table and makes no array at all.

# %% [markdown] lang="ko" of="e12e8bab"
# ## 연산 횟수를 세는 네 가지 방법
#
# 층마다 연산량이 정말 식과 같을까요? 먼저 세 가지 방법으로 세어 봅시다. 어느 방법도 다른 방법을 이용하지 않습니다. `conv`로 실행하면 실제로 계산한 행렬 곱의 크기에서 횟수를 얻습니다. `loops`로 실행하면 중첩 반복문에서 곱셈-누산을 할 때마다 1을 더합니다. `cost`는 배열을 만들지 않고 맨 앞의 표에 있는 식에 크기를 대입합니다.

# %%
by_loops = list(model.forward(x[:1], kernels=nm.loops))
for (layer, _, mult_adds), step in zip(steps, by_loops):
    assert mult_adds == step.mult_adds == nm.cost.mult_adds(layer), f"which count of {layer.name} is wrong?"
assert np.allclose(steps[-1][1], by_loops[-1].y, atol=1e-3), "the scores differ by rounding only"
total = sum(mult_adds for _, _, mult_adds in steps)
print(f"{total:,} mult-adds, counted in three ways")

# %% [markdown] lang="en"
# In all 29 rows the three counts are equal. Together they are 834,688 mult-adds, and the scores agree too, up to rounding.
#
# The fourth way knows nothing about layers. `nm.counting.count` calls any function of ours with numbers that count themselves: whenever one of them is multiplied, the count grows by 1. So it also counts the multiplications that are not part of a mult-add.
#
# **Predict first.** We count one run of our own `forward`. Which operation of the network multiplies and has not been counted so far? Is the result equal to 834,688, or larger?

# %% [markdown] lang="ko" of="15eae777"
# 29개 행 모두에서 세 가지 횟수가 같습니다. 합계는 834,688번이고, 점수도 반올림 오차를 빼면 일치합니다.
#
# 네 번째 방법에서는 층에 대한 정보를 전혀 쓰지 않습니다. `nm.counting.count`는 곱할 때마다 횟수가 자동으로 기록되는 숫자를 넣어서 우리가 만든 함수를 실행합니다. 그래서 곱셈-누산이 아닌 곱셈도 함께 셉니다.
#
# **먼저 예상해 보세요.** 우리가 만든 `forward`를 한 번 실행하면서 세어 봅니다. 네트워크의 계산 가운데 곱셈이 들어 있지만 아직 세지 않은 것은 무엇일까요? 결과는 834,688번과 같을까요, 더 클까요?


# %%
def scores(x):
    *_, (_, y, _) = forward(x, model.layers, model.weights)
    return y


# %% jupyter={"outputs_hidden": true}
counted = nm.counting.count(scores, x[:1])
values = sum(y.size for layer, y, _ in steps if layer.name not in ("pool", "fc"))
print(f"{counted.multiplications:,} multiplications = {total:,} + {values:,}")
assert counted.multiplications == total + values, "batch norm multiplies each value once"

# %% [markdown] lang="en"
# The result is 860,416, which is 25,728 more. Batch norm multiplies each value of a feature map by one number, and the feature maps after the convolutions have 25,728 values in all. Without these multiplications the count is 834,688 again, now for the fourth time.

# %% [markdown] lang="ko" of="b616f3c8"
# 결과는 860,416번으로 25,728번 더 많습니다. 배치 정규화는 특징 맵의 원소마다 숫자를 하나씩 곱하는데, 합성곱 다음의 특징 맵에 있는 원소가 모두 25,728개입니다. 이 곱셈을 빼면 834,688번으로, 네 번째 방법의 결과도 일치합니다.

# %% [markdown] lang="en"
# ## Is it 569 million at full size?
#
# Now we run the network at full size, on a photograph of 224 x 224 pixels. It shows Grace Hopper, who wrote one of the first compilers, and it comes with matplotlib. **The weights are random here**, because the trained ones have to be downloaded (lesson 7). So all shapes and counts are right, but the answer means nothing.

# %% [markdown] lang="ko" of="eb462973"
# ## 원래 크기의 네트워크 실행
#
# 원래 크기로 실행하면 정말 5억 6,900만 번일까요? 224 x 224 픽셀의 사진을 넣어 봅시다. 최초의 컴파일러 가운데 하나를 만든 그레이스 호퍼(Grace Hopper)의 사진이고, matplotlib에 들어 있습니다. 학습된 가중치는 따로 내려받아야 하므로(7강) **여기서는 무작위 가중치를 씁니다.** 그래서 형상과 연산 횟수는 모두 맞지만, 네트워크의 답에는 의미가 없습니다. 그림에 class 724라고 나오면 724번 클래스라는 뜻입니다.

# %%
from matplotlib.cbook import get_sample_data

photo = get_sample_data("grace_hopper.jpg", asfileobj=False)
untrained = nm.random_model()
image = untrained.prepare(photo)  # (224, 224, 3), values from -1 to 1
nm.plots.guesses((image + 1) / 2, untrained.classify(photo, k=3))

# %%
full_steps = list(forward(image[np.newaxis], untrained.layers, untrained.weights))
executed = sum(mult_adds for _, _, mult_adds in full_steps)
print(f"{executed:,} mult-adds, {executed / 1e6:.1f} million; the paper prints 569 million")
assert executed == sum(nm.cost.mult_adds(layer) for layer in layers), "is the image 224 x 224?"

# %%
y = full_steps[0][1]  # after conv1: (1, 112, 112, 32)
print(f"channel 3 is 0 at {(y[..., 3] == 0).mean():.0%} of its pixels")
nm.plots.feature_maps(y)

# %% [markdown] lang="en"
# The executed count is 568,740,352, and rounded to millions it is the paper's 569. No class gets a probability of even 0.3 %, which is no surprise, because nobody has trained this network.
#
# But look at the feature map after `conv1`, of 112 x 112 pixels: random filters, too, show edges and bright and dark areas. Training decides which filters are useful. Channel 3 is almost blank: at 70 % of its pixels the weighted sum is negative, and ReLU6 replaced it by 0.

# %% [markdown] lang="ko" of="49f46729"
# 실행해서 센 횟수는 568,740,352번이고, 백만 단위로 반올림하면 논문의 569 million(5억 6,900만)과 같습니다. 확률이 0.3%를 넘는 클래스는 하나도 없습니다. 학습하지 않은 네트워크이니 당연합니다.
#
# 그래도 `conv1` 다음의 112 x 112 픽셀 특징 맵을 보세요. 무작위 필터에서도 윤곽과 밝은 부분, 어두운 부분이 보입니다. 어떤 필터가 쓸모 있는지는 학습으로 정해집니다. 3번 채널은 거의 비어 있습니다. 픽셀의 70%에서 가중합이 음수여서 ReLU6을 지나면 0이 되기 때문입니다.

# %% [markdown] lang="en"
# ## Where are the mult-adds, and where are the parameters?
#
# **Predict first.** Which kind of layer makes most of the mult-adds? Which two of the 29 rows hold the most parameters?

# %% [markdown] lang="ko" of="13378ce2"
# ## 곱셈-누산과 매개변수의 분포
#
# 곱셈-누산과 매개변수는 네트워크의 어디에 몰려 있을까요?
#
# **먼저 예상해 보세요.** 곱셈-누산은 어느 종류의 층에 가장 많을까요? 29개 행 가운데 매개변수가 가장 많은 두 행은 무엇일까요?

# %% jupyter={"outputs_hidden": true}
nm.plots.by_layer(nm.cost.table(layers))

# %%
*_, conv_pw_13, pool, fc = rows = nm.cost.table(layers)
print(f"parameters: conv_pw_13 {conv_pw_13.parameters:,}, fc {fc.parameters:,}", end=", ")
print(f"of all {nm.cost.total(rows).parameters:,}")
both = conv_pw_13.parameter_share + fc.parameter_share
print(f"share of fc {float(fc.parameter_share):.1%}, of both {float(both):.1%}")
print(f"mult-adds of fc: {float(fc.share):.2%} of all")
assert (conv_pw_13.parameters, fc.parameters) == (1024 * 1024, 1024 * 1000), "M * N for both"

# %% [markdown] lang="en"
# Left: the pointwise layers make most of the mult-adds, and their bars have only two lengths (exercise 3 asks why). Right: the parameters grow towards the end. `conv_pw_13` and `fc` together hold 49.2 % of them.
# The classifier has 24.3 % of the parameters, but only 0.18 % of the mult-adds, because it uses each of its parameters once. A convolution uses each parameter once for every output pixel.

# %% [markdown] lang="ko" of="d0cfd425"
# 왼쪽을 보면 곱셈-누산은 대부분 점별 층에 있고, 점별 층의 막대는 길이가 두 가지뿐입니다(이유는 연습 문제 3번에서 알아봅니다). 오른쪽을 보면 매개변수는 뒤로 갈수록 많아집니다. `conv_pw_13`과 `fc` 두 층에 전체의 49.2%가 있습니다.
# 분류기는 매개변수의 24.3%를 차지하지만 곱셈-누산은 0.18%뿐입니다. 분류기에서는 매개변수를 한 번씩만 사용하지만, 합성곱에서는 출력 픽셀마다 한 번씩 사용하기 때문입니다.

# %% [markdown] lang="en"
# ## Which number in the paper's Table 2 is wrong?
#
# Table 2 of the paper adds the same costs up by kind of layer. We print the paper's share of the mult-adds and of the parameters, in percent, and ours beside it.

# %% [markdown] lang="ko" of="6cb9bc46"
# ## 논문 표 2의 오류
#
# 논문의 표 2는 같은 연산량을 층의 종류별로 더한 것인데, 틀린 값이 하나 있습니다. 어느 것일까요? 논문에 실린 곱셈-누산과 매개변수의 비중(%)을 우리가 구한 값과 나란히 출력해 봅시다.

# %%
ours = nm.cost.by_kind(layers)
in_paper = dict(zip(("pointwise", "depthwise", "standard", "fully_connected"), PAPER[1].rows))
print("                 mult-adds: paper   ours    parameters: paper   ours")
for kind, (_, mult_adds, parameters) in in_paper.items():
    share, parameter_share = float(100 * ours[kind].share), float(100 * ours[kind].parameter_share)
    print(f"{kind:16} {mult_adds:>16} {share:6.2f} {parameters:>20} {parameter_share:6.2f}")

# %% [markdown] lang="en"
# Seven of the eight numbers agree. For the first convolution the paper prints 1.19 %, and we get 1.91 %.
#
# **Predict first.** Can you decide who is right from the printed column alone, without our count? What should the four shares add up to?

# %% [markdown] lang="ko" of="f67e9ac3"
# 여덟 개 가운데 일곱 개가 일치합니다. 첫 층인 표준 합성곱의 곱셈-누산은 논문에 1.19%로 실려 있는데, 우리가 구한 값은 1.91%입니다.
#
# **먼저 예상해 보세요.** 우리가 센 값을 쓰지 않고 논문의 열만 보고도 어느 쪽이 맞는지 알 수 있을까요? 네 비중을 더하면 얼마가 되어야 할까요?

# %% jupyter={"outputs_hidden": true}
hundredths = [round(100 * float(row[1])) for row in in_paper.values()]  # so that sums are exact
print(f"the column of the paper adds up to {sum(hundredths) / 100} %")
print(f"with 1.91 instead of 1.19: {(sum(hundredths) - 119 + 191) / 100} %")
assert nm.cost.mult_adds(conv1) == 3 * 3 * 3 * 32 * 112 * 112, "1.91 % of 568,740,352"

# %% [markdown] lang="en"
# The shares of a whole should add up to 100 %. Each of the four numbers is rounded by at most 0.005, so the sum can be wrong by at most 0.02. The printed column adds up to 99.29 %, which is too far away. With 1.91 the sum is 100.01 %.
# So two digits were exchanged in print. Whenever you see shares, add them up.

# %% [markdown] lang="ko" of="76897672"
# 전체에 대한 비중을 모두 더하면 100%가 되어야 합니다. 네 값의 반올림 오차는 각각 0.005 이하이므로 합계의 오차는 0.02 이하입니다. 그런데 논문의 열을 더하면 99.29%입니다. 반올림으로는 설명할 수 없습니다. 1.91로 바꾸면 100.01%가 됩니다.
# 즉 논문에 실릴 때 두 숫자의 자리가 바뀐 것입니다. 비중을 적은 표를 보면 언제나 모두 더해서 확인해 보세요.

# %% [markdown] lang="en"
# ## How many digits does the trained network read correctly?
#
# The answer of a network is its **top-1** class, the class with the highest probability. The **top-1 accuracy** is the share of test images for which this class is the right one. We go back to the small trained network and its 360 test images.
#
# **Predict first.** Guessing gets one digit in ten right. How many of the 360 does the network read correctly?

# %% [markdown] lang="ko" of="15d3bedd"
# ## 학습된 네트워크의 정확도
#
# 확률이 가장 높은 클래스를 **top-1** 클래스라고 하고, 이것이 네트워크의 답입니다. **top-1 정확도**는 테스트 이미지 가운데 이 답이 정답인 비율입니다. 학습된 작은 네트워크와 테스트 이미지 360장으로 돌아가 봅시다. 정확도는 얼마나 될까요?
#
# **먼저 예상해 보세요.** 아무렇게나 찍으면 열 장에 한 장을 맞힙니다. 네트워크는 360장 가운데 몇 장을 맞힐까요?

# %% jupyter={"outputs_hidden": true}
answers = model.predict(x).argmax(axis=1)  # (360, 10) -> (360,)
wrong = np.flatnonzero(answers != labels)
right = len(labels) - len(wrong)
print(f"{right} of {len(labels)} are right: top-1 accuracy {right / len(labels):.1%}")
nm.plots.gallery([x[i, :, :, 0] for i in wrong], [f"{labels[i]} read as {answers[i]}" for i in wrong])

# %% [markdown] lang="en"
# The network reads 355 of the 360 digits correctly, 98.6 %. The figure shows the five others. Each title gives the digit that was written and the answer of the network. Cover the titles with your hand. Can you read all five?
#
# **Predict first.** What does this network answer if we give it the photograph?

# %% [markdown] lang="ko" of="d4eb8a93"
# 네트워크는 360장 가운데 355장, 즉 98.6%를 맞혔습니다. 그림은 틀린 다섯 장이고, 제목의 9 read as 5는 9를 5로 인식했다는 뜻입니다. 제목을 손으로 가리고 보세요. 여러분은 다섯 장을 모두 읽을 수 있나요?
#
# **먼저 예상해 보세요.** 이 네트워크에 아까 그 사진을 넣으면 뭐라고 답할까요?

# %% jupyter={"outputs_hidden": true}
nm.plots.guesses((model.prepare(photo) + 1) / 2, model.classify(photo, k=3))

# %% [markdown] lang="en"
# It answers 9, with a probability of about 95 %. The network has only ten classes, and softmax always makes probabilities with the sum 1. So a high probability does not mean that the network knows what it sees. It only compares the ten classes with each other.

# %% [markdown] lang="ko" of="7346c827"
# 9라고 답합니다. 확률은 약 95%입니다. 이 네트워크에는 클래스가 10개뿐이고, 소프트맥스를 지난 확률의 합은 언제나 1입니다. 그러므로 확률이 높다고 해서 네트워크가 사진의 내용을 제대로 알아냈다는 뜻은 아닙니다. 10개 클래스를 서로 비교한 결과일 뿐입니다.

# %% [markdown] lang="en"
# ## Summary
#
# - MobileNet is a table of 29 rows: one standard convolution, 13 blocks of a depthwise and a pointwise convolution, a pool and a classifier. Each row takes its $M$ and $D_F$ from the row above.
# - On an odd side, TensorFlow and PyTorch round up at stride 2; the depthwise layers of MobileNet in Keras round down.
# - Every convolution is followed by batch norm and ReLU6 (ReLU in the paper). They are not counted as mult-adds.
# - The pointwise layers make 94.86 % of the 568,740,352 mult-adds. The last pointwise layer and the classifier together hold 49 % of the 4,209,088 parameters.
# - Two mistakes in the paper, found by arithmetic: Table 1 prints stride 2 instead of 1 in its last depthwise row, and Table 2 prints 1.19 % instead of 1.91 %.

# %% [markdown] lang="ko" of="f00cfdbb"
# ## 정리
#
# - MobileNet은 29개 행의 표로 나타낼 수 있습니다. 표준 합성곱 하나, 깊이별 합성곱과 점별 합성곱으로 된 블록 13개, 풀링, 분류기입니다. 각 행의 $M$과 $D_F$는 바로 위 행에서 정해집니다.
# - 스트라이드가 2이고 한 변의 길이가 홀수이면 TensorFlow와 PyTorch에서는 올림, Keras의 MobileNet에서는 깊이별 층에서 버림을 합니다.
# - 모든 합성곱 뒤에 배치 정규화와 ReLU6(논문에는 ReLU)이 옵니다. 이 계산들은 곱셈-누산으로 세지 않습니다.
# - 곱셈-누산 568,740,352번 가운데 94.86%를 점별 층에서 합니다. 매개변수 4,209,088개 가운데 49%는 마지막 점별 층과 분류기에 있습니다.
# - 계산으로 찾은 논문의 오류는 두 개입니다. 표 1의 마지막 깊이별 행은 스트라이드가 1인데 2로 실려 있고, 표 2의 1.91%는 1.19%로 실려 있습니다.

# %% [markdown] lang="en"
# ## Exercises
#
# **1.** By hand: an image of 160 x 160 pixels enters the network. Which side has the feature map before the pool? And for 200 x 200, with TensorFlow's rule and with that of Keras?
#
# <details><summary>Answer 1</summary>
#
# $160 / 32 = 5$. From 200 TensorFlow makes 100, 50, 25, 13, 7. Keras makes 100, 50, 25, 12, 6.
#
# </details>
#
# **2.** The classifier holds 24.33 % of the parameters. Which share does it hold with 10 classes instead of 1,000? Use `nm.cost.by_kind(nm.mobilenet(classes=10))`.
#
# <details><summary>Answer 2</summary>
#
# $1024 \cdot 10 = 10{,}240$ of $3{,}195{,}328$ parameters: 0.32 %.
#
# </details>
#
# **3.** By hand: how many mult-adds do `conv_pw_3`, `conv_pw_5`, `conv_pw_7` and `conv_pw_13` make? Why is the number always the same, and why do some other pointwise layers make half as many?
#
# <details><summary>Answer 3</summary>
#
# $128 \cdot 128 \cdot 56^2 = 256 \cdot 256 \cdot 28^2 = 512 \cdot 512 \cdot 14^2 = 1024 \cdot 1024 \cdot 7^2 = 51{,}380{,}224$. Whenever the side is halved, the number of channels doubles: $M \cdot N$ becomes 4 times as large and the number of pixels 4 times as small.
# In a block that doubles the channels, $M = N / 2$, so its pointwise layer makes half as many mult-adds.
#
# </details>
#
# **4.** Table 5 of the paper has a "shallow" network: `nm.mobilenet(blocks=nm.BLOCKS[:6] + nm.BLOCKS[11:])`. Which blocks are missing? How many mult-adds does it make? The paper prints 307 million.
#
# <details><summary>Answer 4</summary>
#
# Blocks 7 to 11 are missing, those with 512 channels and stride 1 at 14 x 14 pixels. The network makes 307,323,392 mult-adds, so the paper's 307 million is right.
#
# </details>

# %% [markdown] lang="ko" of="6a00e313"
# ## 연습 문제
#
# **1.** (손 계산) 160 x 160 픽셀 이미지를 넣으면 풀링 직전의 특징 맵은 한 변의 길이가 얼마인가요? 200 x 200이면 TensorFlow의 규칙과 Keras의 규칙에서 각각 얼마인가요?
#
# <details><summary>1번 답</summary>
#
# $160 / 32 = 5$입니다. 200이면 TensorFlow에서는 100, 50, 25, 13, 7이고 Keras에서는 100, 50, 25, 12, 6입니다.
#
# </details>
#
# **2.** 분류기에 매개변수의 24.33%가 있습니다. 클래스가 1,000개가 아니라 10개이면 비중은 얼마인가요? `nm.cost.by_kind(nm.mobilenet(classes=10))`을 사용하세요.
#
# <details><summary>2번 답</summary>
#
# 매개변수 $3{,}195{,}328$개 가운데 $1024 \cdot 10 = 10{,}240$개이므로 0.32%입니다.
#
# </details>
#
# **3.** (손 계산) `conv_pw_3`, `conv_pw_5`, `conv_pw_7`, `conv_pw_13`의 곱셈-누산은 각각 몇 번인가요? 왜 모두 같고, 왜 어떤 점별 층은 그 절반인가요?
#
# <details><summary>3번 답</summary>
#
# $128 \cdot 128 \cdot 56^2 = 256 \cdot 256 \cdot 28^2 = 512 \cdot 512 \cdot 14^2 = 1024 \cdot 1024 \cdot 7^2 = 51{,}380{,}224$번입니다. 한 변의 길이가 절반이 될 때마다 채널 수는 두 배가 됩니다. $M \cdot N$은 4배가 되고 픽셀 수는 4분의 1이 됩니다.
# 채널 수를 두 배로 늘리는 블록에서는 $M = N / 2$이므로 점별 층의 곱셈-누산이 절반입니다.
#
# </details>
#
# **4.** 논문의 표 5에는 얕은(shallow) 네트워크가 나옵니다. `nm.mobilenet(blocks=nm.BLOCKS[:6] + nm.BLOCKS[11:])`로 만들 수 있습니다. 어느 블록이 빠졌나요? 곱셈-누산은 몇 번인가요? 논문에는 307 million으로 실려 있습니다.
#
# <details><summary>4번 답</summary>
#
# 7번부터 11번까지의 블록이 빠졌습니다. 14 x 14 픽셀에 512채널, 스트라이드 1인 블록입니다. 곱셈-누산은 307,323,392번이므로 논문의 307 million(3억 700만)이 맞습니다.
#
# </details>

# %% [markdown] lang="en"
# **5.** (Code) Write `my_mult_adds(layer)`. It gets one row of the table and returns the number of mult-adds of this layer, an `int`. Use `layer.kind`, `layer.D_K`, `layer.M`, `layer.N` and `layer.D_G`, and none of the functions in `nm.cost`.
# The check in the cell compares your numbers with `nm.cost.mult_adds` for networks of several sizes.

# %% [markdown] lang="ko" of="3e556292"
# **5.** (코딩) 함수 `my_mult_adds(layer)`를 작성하세요. 표의 한 행을 받아서 그 층의 곱셈-누산 횟수를 `int`로 반환합니다. `layer.kind`, `layer.D_K`, `layer.M`, `layer.N`, `layer.D_G`를 사용하고, `nm.cost`의 함수는 쓰지 마세요.
# 셀 안의 검사 코드가 여러 크기의 네트워크에서 여러분의 결과를 `nm.cost.mult_adds`의 결과와 비교합니다.


# %%
def my_mult_adds(layer):
    raise NotImplementedError("Exercise 5: write my_mult_adds, then run this cell again")


try:
    for network in (nm.mobilenet(), nm.mobilenet(resolution=225), nm.mobilenet(separable=False)):
        for layer in network:
            mine, right = my_mult_adds(layer), nm.cost.mult_adds(layer)
            assert mine == right, f"{layer.name} ({layer.kind}) makes {right:,} mult-adds, not {mine}"
    print("Exercise 5 is right.")
except NotImplementedError as todo:
    print(todo)

# %% [markdown] lang="en"
# <details><summary>Answer 5</summary>
#
# ```python
# def my_mult_adds(layer):
#     pixels = layer.D_G**2  # 1 for the classifier
#     if layer.kind == "standard":
#         return layer.D_K**2 * layer.M * layer.N * pixels
#     if layer.kind == "depthwise":
#         return layer.D_K**2 * layer.M * pixels
#     if layer.kind == "pool":
#         return 0
#     return layer.M * layer.N * pixels  # pointwise, fully connected
# ```
#
# </details>

# %% [markdown] lang="ko" of="17a90957"
# <details><summary>5번 답</summary>
#
# ```python
# def my_mult_adds(layer):
#     pixels = layer.D_G**2  # 분류기는 1
#     if layer.kind == "standard":
#         return layer.D_K**2 * layer.M * layer.N * pixels
#     if layer.kind == "depthwise":
#         return layer.D_K**2 * layer.M * pixels
#     if layer.kind == "pool":
#         return 0
#     return layer.M * layer.N * pixels  # 점별, 완전 연결
# ```
#
# </details>
