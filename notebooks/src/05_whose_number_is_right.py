# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # 5. Whose number is right?
#
# Programs that count the operations of a network report different totals for the same network, and the paper prints some numbers that we do not get. In this lesson we derive all these numbers from one and the same count, and we learn to state a number so that others can check it.
#
# After this lesson you can
#
# - explain why eight tools report eight totals for one network, and compute each total from a table of coefficients;
# - count a network from another paper by hand, and find the mistake in a comparison with it;
# - judge a printed number: is it equal to yours, cut off, counted in another way, or a mistake?
# - state a count so that nobody has to ask what it means.
#
# About 45 minutes, without the exercises. You need: lessons 3 and 4. Have pencil and paper ready.

# %% [markdown] lang="ko" of="1b2c8b54"
# # 5. 출처마다 다른 연산 횟수
#
# 네트워크의 연산 횟수를 세어 주는 프로그램이 여럿 있는데, 같은 네트워크를 세어도 합계가 서로 다릅니다. 논문에도 우리가 구한 것과 다른 숫자가 실려 있습니다. 이번 강의에서는 이 숫자들을 모두 하나의 횟수에서 유도해 보고, 다른 사람이 확인할 수 있게 숫자를 적는 방법을 배웁니다.
#
# 이 강의를 마치면
#
# - 네트워크 하나를 센 도구 여덟 개의 합계가 서로 다른 이유를 설명하고, 계수 표를 보고 각 합계를 계산할 수 있습니다.
# - 다른 논문의 네트워크를 손으로 세어 보고, 그 네트워크와 비교한 문장에서 오류를 찾아낼 수 있습니다.
# - 논문에 실린 숫자가 우리가 구한 값과 일치하는지, 버림한 것인지, 다른 방식으로 센 것인지, 오류인지 판단할 수 있습니다.
# - 연산 횟수를 오해가 없도록 적을 수 있습니다.
#
# 강의 시간은 연습 문제를 빼고 약 45분입니다. 3강과 4강의 내용을 알고 있으면 됩니다. 연필과 종이를 준비하세요.

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

from npmobile.paper import tools
from npmobile.paper.printed import PAPER

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## How many mult-adds does one network make?
#
# A **mult-add** is one multiplication together with the addition of its product to a sum. In this course we count the mult-adds of the convolutions and of the classifier. We do not count batch norm, ReLU, the pool, the bias and softmax (lesson 3 explains them all).
# Such a list of what is counted, and how, is called a **counting convention**.
#
# By our convention, how many mult-adds does MobileNet 1.0-224 make with 1,000 classes? We run it once, and we compute it from the table of layers.

# %% [markdown] lang="ko" of="ca7901ed"
# ## MobileNet의 곱셈-누산 횟수
#
# MobileNet을 한 번 실행하면 곱셈-누산은 몇 번일까요? **곱셈-누산**(mult-add, MAC)은 곱셈 한 번과, 그 결과를 합에 더하는 덧셈 한 번을 묶어서 센 것입니다. 이 강의에서는 합성곱과 분류기의 곱셈-누산을 셉니다. 배치 정규화, ReLU, 풀링, 편향, 소프트맥스는 세지 않습니다(모두 3강에서 배웠습니다).
# 이렇게 무엇을 어떻게 셀지 정해 놓은 것을 **집계 방식**(counting convention)이라고 합니다.
#
# 우리 집계 방식으로 클래스가 1,000개인 MobileNet 1.0-224의 곱셈-누산을 세어 봅시다. 한 번은 실행하면서 세고, 한 번은 층의 표에서 계산합니다. (출력의 executed는 "실행한"이라는 뜻입니다.)

# %%
layers = nm.mobilenet(alpha=1.0, resolution=224, classes=1000)
steps = nm.random_model().forward(np.zeros((1, 224, 224, 3), dtype=np.float32))
mult_adds = sum(step.mult_adds for step in steps)
print(f"{mult_adds:,} mult-adds executed")
assert mult_adds == sum(nm.cost.mult_adds(layer) for layer in layers), "executed and computed must agree"

# %% [markdown] lang="en"
# Rounded to millions this is 569, as in Table 6 of the paper.
#
# Now we ask other programs. Eight widely used counting tools were run on this network. The package keeps the total that each of them reported, and the version. (We do not run the tools here: seven of them need PyTorch, and one needs TensorFlow.)
#
# **Predict first.** How many times as large as the smallest of the eight totals is the largest: 1.01 times, 1.1 times, or more?

# %% [markdown] lang="ko" of="2a2c3b82"
# 백만 단위로 반올림하면 569이고, 논문의 표 6에 실린 값과 일치합니다.
#
# 다른 프로그램으로 세어도 같을까요? 널리 쓰이는 도구 여덟 개로 이 네트워크의 연산 횟수를 세고, 도구마다 출력한 합계와 버전을 패키지에 저장해 두었습니다. (여기서 도구를 직접 실행하지는 않습니다. 일곱 개는 PyTorch가, 하나는 TensorFlow가 있어야 하기 때문입니다.)
#
# **먼저 예상해 보세요.** 여덟 개의 합계 가운데 가장 큰 것은 가장 작은 것의 몇 배일까요? 1.01배일까요, 1.1배일까요, 아니면 그보다 클까요?

# %% jupyter={"outputs_hidden": true}
for tool in tools.TOOLS:
    print(f"{tool.name:31} {tool.version:7} {tool.reported:13,} {tool.word}")
totals = [tool.reported for tool in tools.TOOLS]
print(f"largest / smallest = {max(totals) / min(totals):.2f}")

# %% [markdown] lang="en"
# Eight tools report eight different totals, and the largest is 2.03 times the smallest. The tools also use different words. A **MAC** (multiply-accumulate) is another name for a mult-add. A **FLOP** (floating-point operation) is one multiplication or one addition. Have seven of the tools made a mistake?

# %% [markdown] lang="ko" of="440ed0a0"
# 도구 여덟 개의 합계가 모두 다르고, 가장 큰 것은 가장 작은 것의 2.03배입니다. 줄 끝에 있는 단위의 이름도 도구마다 다릅니다.
#
# | 단위 | 뜻 |
# |---|---|
# | mult-adds | 곱셈-누산 |
# | macs, MMac | **MAC**(multiply-accumulate). 곱셈-누산의 다른 이름 |
# | flops, FLOPs, float ops | **FLOP**(floating-point operation, 부동소수점 연산). 곱셈 한 번 또는 덧셈 한 번 |
# | flops (meaning multiply-adds) | 이름은 flops이지만 곱셈-누산을 센 것 |
#
# (MMac의 M은 백만이라는 뜻이지만, 위에 출력한 합계는 백만 단위로 나눈 값이 아닙니다.)
#
# 도구 일곱 개가 잘못 센 것일까요?

# %% [markdown] lang="en"
# ## Can two different totals both be right?
#
# An example small enough for paper: an input of 2 x 2 pixels with $M = 2$ channels goes through a pointwise convolution with $N = 3$, and then through batch norm. An **element** is one number of a feature map. Lesson 3 described batch norm as one multiplication and one addition for each element. Three tools count this:
#
# - Tool A counts multiplications and additions apart, so each mult-add counts 2. It does not count batch norm.
# - Tool B counts mult-adds, and 2 for each element that goes through batch norm.
# - Tool C counts mult-adds and nothing else.
#
# **Predict first.** How many mult-adds does the convolution make, and how many elements does its output have? What do the three tools report?

# %% [markdown] lang="ko" of="d67175bb"
# ## 종이로 세어 보는 예제
#
# 합계가 서로 다른데 둘 다 맞을 수 있을까요? 종이에 풀 수 있는 작은 예제를 봅시다. 2 x 2 픽셀에 채널이 $M = 2$개인 입력에 $N = 3$인 점별 합성곱을 적용하고, 이어서 배치 정규화를 합니다. 특징 맵의 숫자 하나를 **원소**(element)라고 합시다. 3강에서 배운 대로 배치 정규화는 원소마다 곱셈 한 번과 덧셈 한 번입니다. 도구 세 개가 이것을 셉니다.
#
# - 도구 A는 곱셈과 덧셈을 따로 셉니다. 그래서 곱셈-누산 한 번이 2입니다. 배치 정규화는 세지 않습니다.
# - 도구 B는 곱셈-누산을 세고, 배치 정규화를 지나는 원소마다 2를 더합니다.
# - 도구 C는 곱셈-누산만 셉니다.
#
# **먼저 예상해 보세요.** 합성곱의 곱셈-누산은 몇 번이고, 출력의 원소는 몇 개일까요? 세 도구의 합계는 각각 얼마일까요?

# %% jupyter={"outputs_hidden": true}
x, kernel = np.ones((1, 2, 2, 2)), np.ones((2, 3))  # (B, D_F, D_F, M) and (M, N)
y, counted = nm.loops.pointwise_conv(x, kernel)
print(f"{counted} mult-adds, {y.size} elements")
print(f"tool A {2 * counted}, tool B {counted + 2 * y.size}, tool C {counted}")
assert (counted, y.size) == (2 * 3 * 4, 3 * 4), "4 pixels; 2 products for each of 3 output channels"

# %% [markdown] lang="en"
# Tools A and B both report 48, but A means $2 \cdot 24$ and B means $24 + 2 \cdot 12$. Tool C reports 24. None of the three is wrong. So two equal totals do not show that two tools count the same, and two different totals do not show that one of them is wrong.
#
# Why do we count multiplications and not additions? The package can run NumPy code on numbers that count what is done to them. We give it the same four pixels as a matrix:

# %% [markdown] lang="ko" of="9cdc15e6"
# 도구 A와 B의 합계는 똑같이 48이지만, A는 $2 \cdot 24$이고 B는 $24 + 2 \cdot 12$입니다. 도구 C의 합계는 24입니다. 셋 다 틀리지 않았습니다. 그러므로 합계가 같다고 해서 같은 것을 셌다고 할 수 없고, 합계가 다르다고 해서 어느 하나가 틀렸다고 할 수도 없습니다.
#
# 왜 덧셈이 아니라 곱셈을 기준으로 셀까요? 이 패키지에는 NumPy 코드를 실행하면서 곱셈과 덧셈이 몇 번인지 모두 세는 기능이 있습니다. 위의 픽셀 네 개를 행렬로 바꾸어, 행렬 곱을 하면서 세어 봅시다. (출력의 multiplications는 곱셈, additions는 덧셈입니다.)

# %%
print(nm.counting.count(np.matmul, x.reshape(4, 2), kernel))  # (4, M) @ (M, N) -> (4, N)

# %% [markdown] lang="en"
# There are 24 multiplications, but only 12 additions: NumPy adds the second product to the first. The loops of lesson 1 start each sum with 0 and make 24 additions. So the number of additions depends on the program, and the number of multiplications does not. Tools that count additions assume one for each multiplication.

# %% [markdown] lang="ko" of="1d30a583"
# 곱셈은 24번인데 덧셈은 12번뿐입니다. 출력의 원소 하나는 곱 두 개의 합이고, NumPy는 첫 번째 곱에 두 번째 곱을 한 번 더하기 때문입니다. 1강의 반복문은 0에서 시작해 곱을 두 번 더하므로 덧셈이 24번입니다. 이렇게 덧셈 횟수는 프로그램에 따라 달라지지만 곱셈 횟수는 달라지지 않습니다. 그래서 덧셈까지 세는 도구들은 곱셈 한 번에 덧셈도 한 번이라고 가정합니다.

# %% [markdown] lang="en"
# ## Which formula gives all eight totals?
#
# $$\text{total} = c \cdot \text{mult-adds} + \sum_i n_i \cdot s_i$$
#
# $c$ is 2 if a tool counts multiplications and additions apart, and 1 if it does not. The $s_i$ are sizes of the network. The **coefficient** $n_i$ says how often the tool counts size $s_i$. These are the sizes:
#
# | size | what it is |
# |---|---|
# | batch-norm elements | all output elements of the 27 convolutions, because batch norm follows each of them |
# | batch-norm channels | all output channels of the 27 convolutions |
# | ReLU elements | the same elements again, because a ReLU follows each batch norm |
# | pool inputs, pool outputs | the elements that go into the pool, and those that come out |
# | classes, for the bias | one addition for each class |
# | classes, for softmax | softmax reads one score for each class |
#
# **Predict first.** How many elements does `conv1` alone have in its output? How many go into the pool? ($D_G = 112$ and $N = 32$ for `conv1`; $D_F = 7$ and $M = 1024$ for the pool.)

# %% [markdown] lang="ko" of="66ab126c"
# ## 여덟 개의 합계를 나타내는 식
#
# 여덟 개의 합계를 식 하나로 나타낼 수 있을까요?
#
# $$\text{합계} = c \cdot \text{곱셈-누산} + \sum_i n_i \cdot s_i$$
#
# $c$는 곱셈과 덧셈을 따로 세는 도구이면 2, 그렇지 않으면 1입니다. $s_i$는 네트워크에 있는 여러 가지 크기이고, **계수**(coefficient) $n_i$는 도구가 크기 $s_i$를 몇 번씩 세는지 나타냅니다. 크기는 다음과 같습니다. 코드의 출력은 영어이므로 이름을 함께 적습니다.
#
# | 크기 | 뜻 |
# |---|---|
# | batch-norm elements(배치 정규화 원소) | 합성곱 27개의 출력 원소를 모두 더한 것. 합성곱마다 배치 정규화가 뒤따릅니다 |
# | batch-norm channels(배치 정규화 채널) | 합성곱 27개의 출력 채널을 모두 더한 것 |
# | ReLU elements(ReLU 원소) | 배치 정규화 원소와 같은 원소. 배치 정규화마다 ReLU가 뒤따릅니다 |
# | pool inputs, pool outputs(풀링 입력, 출력) | 풀링에 들어가는 원소와 나오는 원소 |
# | classes, for the bias(편향의 클래스) | 클래스 수. 클래스마다 편향을 한 번 더합니다 |
# | classes, for softmax(소프트맥스의 클래스) | 클래스 수. 소프트맥스에는 클래스마다 점수 하나가 들어갑니다 |
#
# **먼저 예상해 보세요.** `conv1`의 출력에는 원소가 몇 개 있을까요? 풀링에 들어가는 원소는 몇 개일까요? (`conv1`은 $D_G = 112$, $N = 32$이고, 풀링은 $D_F = 7$, $M = 1024$입니다.)

# %% jupyter={"outputs_hidden": true}
*convolutions, pool, classifier = layers
elements = [layer.D_G**2 * layer.N for layer in convolutions]
print(f"conv1 {elements[0]:,}, all convolutions {sum(elements):,}, into the pool {pool.D_F**2 * pool.M:,}")
sizes = tools.sizes(layers)
print(*(f"{name:22} {size:9,}" for name, size in sizes.items()), sep="\n")
assert sizes["batch-norm elements"] == sum(elements) and elements[0] == 112 * 112 * 32, "side, side, channels"
assert sizes["batch-norm channels"] == sum(layer.N for layer in convolutions), "each channel once"

# %% [markdown] lang="en"
# `conv1` has $112 \cdot 112 \cdot 32 = 401{,}408$ elements, and $7 \cdot 7 \cdot 1024 = 50{,}176$ go into the pool. The next cell prints $c$ and all coefficients of the eight tools. The columns are the sizes, in the same order: `bn el.` and `bn ch.` stand for the batch-norm elements and channels, `pool in` and `pool out` for the pool inputs and outputs, and `bias` and `softmax` for the classes.

# %% [markdown] lang="ko" of="366eef3a"
# `conv1`의 출력 원소는 $112 \cdot 112 \cdot 32 = 401{,}408$개이고, 풀링에 들어가는 원소는 $7 \cdot 7 \cdot 1024 = 50{,}176$개입니다. 다음 셀은 도구 여덟 개의 $c$와 계수를 모두 출력합니다. 첫 열은 $c$이고, 나머지 열은 위에서 출력한 크기와 같은 순서입니다.
#
# | 열 | 크기 |
# |---|---|
# | `bn el.`, `bn ch.` | 배치 정규화 원소, 배치 정규화 채널 |
# | ReLU | ReLU 원소 |
# | `pool in`, `pool out` | 풀링 입력, 풀링 출력 |
# | `bias`, `softmax` | 편향의 클래스, 소프트맥스의 클래스 |

# %%
columns = ("c", "bn el.", "bn ch.", "ReLU", "pool in", "pool out", "bias", "softmax")
print(" " * 30, *(f"{column:>8}" for column in columns))
for tool in tools.TOOLS:
    coefficients = [tool.per_mult_add, *(tool.adds.get(size, 0) for size in sizes)]
    print(f"{tool.name:30}", *(f"{number:8}" for number in coefficients))

# %% [markdown] lang="en"
# In the row of thop, $c$ is 1 and three coefficients are not 0. So thop reports
#
# $$568{,}740{,}352 + 4 \cdot 5{,}042{,}688 + 1 \cdot 50{,}176 + 1 \cdot 1{,}024 = 588{,}962{,}304$$
#
# **Predict first.** Compute the totals of fvcore and of calflops in the same way. Do you get the numbers that they report, to the last digit?

# %% [markdown] lang="ko" of="361aa694"
# thop의 행을 봅시다. $c$는 1이고 0이 아닌 계수는 세 개입니다. 따라서 thop의 합계는 다음과 같습니다.
#
# $$568{,}740{,}352 + 4 \cdot 5{,}042{,}688 + 1 \cdot 50{,}176 + 1 \cdot 1{,}024 = 588{,}962{,}304$$
#
# **먼저 예상해 보세요.** 같은 방법으로 fvcore와 calflops의 합계를 계산해 보세요. 두 도구가 출력한 합계와 마지막 자리까지 같을까요?

# %% jupyter={"outputs_hidden": true}
for tool in tools.TOOLS:
    total = tool.per_mult_add * mult_adds + sum(n * sizes[size] for size, n in tool.adds.items())
    print(f"{tool.name:31} {total:13,}")
    assert total == tool.reported, f"what else does {tool.name} count?"

# %%
nm.plots.tool_totals({tool.name: tools.bridge(layers, tool) for tool in tools.TOOLS})

# %% [markdown] lang="en"
# All eight totals agree to the last digit, so no tool made a mistake. Every bar begins on the left with the same count of 568,740,352. The large difference comes from $c$: three tools count the additions apart, which doubles the total. The small differences come from the coefficients.
#
# Both 2 and 4 for each batch-norm element can be explained. One multiplication and one addition are 2 operations. But batch norm stores four numbers for each channel: it subtracts the mean, divides by the standard deviation (the root of the variance), multiplies by the scale, and adds the offset. These are 4 operations.
#
# The word alone does not tell you the convention: fvcore says flops and has $c = 1$. So a total needs its list of coefficients.

# %% [markdown] lang="ko" of="902375ca"
# 여덟 개 모두 마지막 자리까지 일치합니다. 잘못 센 도구는 하나도 없습니다. 모든 막대는 왼쪽에서 568,740,352라는 같은 횟수로 시작합니다. 큰 차이는 $c$에서 나옵니다. 도구 세 개는 덧셈을 따로 세므로 합계가 두 배가 됩니다. 작은 차이는 계수에서 나옵니다.
#
# 배치 정규화 원소의 계수 2와 4는 모두 설명할 수 있습니다. 곱셈 한 번과 덧셈 한 번으로 보면 2입니다. 그런데 배치 정규화에는 채널마다 저장된 값이 네 개 있습니다. 평균을 빼고, 표준편차(분산의 제곱근)로 나누고, 스케일(scale)을 곱하고, 오프셋(offset)을 더한다고 보면 4입니다.
#
# 단위의 이름만 보고는 집계 방식을 알 수 없습니다. fvcore의 단위는 flops이지만 $c = 1$입니다. 그러므로 합계에는 계수 표가 함께 있어야 합니다.

# %% [markdown] lang="en"
# ## Can one factor convert a total?
#
# For 1.0-224, thop's total is 1.036 times our count.
#
# **Predict first.** Somebody gives you thop's total for the smallest network, 0.25-128, and you divide it by 1.036. Do you get our count? Think of lesson 4: by which factors do the pointwise layers and the batch-norm elements fall at $\alpha = 0.25$?

# %% [markdown] lang="ko" of="a6184248"
# ## 합계의 환산
#
# 도구의 합계를 일정한 배율로 나누면 언제나 우리가 센 횟수가 될까요? 1.0-224에서 thop의 합계는 우리가 센 횟수의 1.036배입니다.
#
# **먼저 예상해 보세요.** 가장 작은 네트워크인 0.25-128에 대한 thop의 합계를 1.036으로 나누면 우리가 센 횟수가 될까요? 4강의 내용을 떠올려 보세요. $\alpha = 0.25$이면 점별 층의 연산량과 배치 정규화 원소의 개수는 각각 몇 배가 될까요? (출력의 times our count는 "우리가 센 횟수의 몇 배"라는 뜻입니다.)

# %% jupyter={"outputs_hidden": true}
*_, thop, fvcore, flop_counter, _, _ = tools.TOOLS
for alpha, resolution in ((1.0, 224), (0.25, 128)):
    network = nm.mobilenet(alpha, resolution)
    ours = sum(nm.cost.mult_adds(layer) for layer in network)
    elements = tools.sizes(network)["batch-norm elements"]
    print(f"{alpha}-{resolution}: {ours:,} mult-adds, {elements:,} batch-norm elements")
    for tool in (thop, fvcore, flop_counter):
        print(f"    {tool.name:24} {tools.total(network, tool) / ours:.4f} times our count")

# %% [markdown] lang="en"
# No: for 0.25-128, thop's total is 1.1217 times our count. The pointwise layers fall with $\alpha^2 = \frac{1}{16}$, but the batch-norm elements only with $\alpha = \frac{1}{4}$, so what thop adds becomes a larger part. Only a tool that adds nothing, such as torch.utils.flop_counter, keeps its factor of exactly 2.
# A convention is a list of what is counted. It is not a factor.

# %% [markdown] lang="ko" of="da4d0a1d"
# 아닙니다. 0.25-128에서는 thop의 합계가 우리가 센 횟수의 1.1217배입니다. 점별 층의 연산량은 $\alpha^2 = \frac{1}{16}$배로 줄지만 배치 정규화 원소는 $\alpha = \frac{1}{4}$배로만 줄기 때문에, thop이 더하는 부분의 비중이 커집니다. torch.utils.flop_counter처럼 다른 것을 더하지 않는 도구만 언제나 정확히 2배입니다.
# 집계 방식은 배율이 아니라, 무엇을 어떻게 세는지 적은 목록입니다.

# %% [markdown] lang="en"
# ## Which numbers are parameters?
#
# Parameters have conventions, too. The convolutions and the classifier have 4,209,088 numbers in their kernels. Then there are 1,000 biases, and for each of the 10,944 batch-norm channels the scale, the offset, the mean and the variance. Training finds the scale and the offset. The mean and the variance are measured on the training images.
#
# **Predict first.** How many parameters are there with 2 numbers for each batch-norm channel, with 3, and with 4, including the biases? Round to hundredths of a million.

# %% [markdown] lang="ko" of="85de186a"
# ## 매개변수의 집계 방식
#
# 어떤 값까지 매개변수로 셀까요? 매개변수에도 집계 방식이 있습니다. 합성곱과 분류기의 커널에는 원소가 4,209,088개 있습니다. 그 밖에 편향이 1,000개 있고, 배치 정규화 채널 10,944개마다 스케일, 오프셋, 평균, 분산이 있습니다. 스케일과 오프셋은 학습으로 정해지고, 평균과 분산은 학습 이미지에서 구합니다.
#
# **먼저 예상해 보세요.** 배치 정규화 채널마다 이 네 값 가운데 2개, 3개, 4개를 세고 편향까지 더하면 매개변수는 각각 몇 개일까요? 백만 단위로 소수 둘째 자리까지 구하세요. (출력의 kernels only는 커널만 센 것, for each channel은 "채널마다"라는 뜻입니다.)

# %% jupyter={"outputs_hidden": true}
kernels = sum(nm.cost.parameters(layer) for layer in layers)
print(f"kernels only: {kernels:,}")
for numbers in (2, 3, 4):
    parameters = kernels + numbers * sizes["batch-norm channels"] + sizes["classes, for the bias"]
    print(f"{numbers} for each channel, and the biases: {parameters:,} = {parameters / 1e6:.2f} million")
assert (kernels, parameters) == (4_209_088, 4_253_864), "with 4 numbers it is what Keras prints"

# %% [markdown] lang="en"
# The paper prints 4.2 million, and the first three counts round to that; the fourth rounds to 4.3. With 2 numbers we count everything that training finds. With 4 numbers we get 4,253,864, which Keras prints for this network. The page of the released weights says 4.24 million, and only 3 numbers for each channel give that.
# Each of these is right as soon as it says which numbers are counted.

# %% [markdown] lang="ko" of="f84cc784"
# 논문에는 420만(4.2 million)으로 실려 있습니다. 앞의 세 가지는 반올림하면 420만이 되고, 네 번째는 430만이 됩니다. 채널마다 2개씩 세면 학습으로 정해지는 값을 모두 센 것입니다. 4개씩 센 4,253,864는 Keras가 이 네트워크에 대해 출력하는 값입니다. 공개된 가중치의 설명 페이지에는 424만(4.24 million)이라고 되어 있는데, 채널마다 3개씩 셀 때만 이 값이 됩니다.
# 무엇을 셌는지 밝히기만 하면 모두 맞는 값입니다.

# %% [markdown] lang="en"
# ## How do we judge a number in the paper?
#
# So before we call a printed number wrong, we try other ways of counting. `nm.paper` does this for every cost in the tables of the paper. It takes the first of these verdicts that fits:
#
# | verdict | meaning |
# |---|---|
# | `equal` | our count, rounded to the printed digits, is the printed number |
# | `cut off` | our count with its last digits dropped instead of rounded is the printed number |
# | `other convention` | another way of counting, which is named, gives the printed number |
# | `erratum` | only a mistake, which is named, gives the printed number |
# | `not recomputable` | a part of the network is private, or the paper does not describe it |
# | `differs` | nothing that we tried gives the printed number |
#
# **Predict first.** The tables print 104 costs. How many of them are `equal`: a quarter, a half, or nearly all?

# %% [markdown] lang="ko" of="b47a41fe"
# ## 논문에 실린 숫자의 판정
#
# 논문에 실린 숫자가 우리가 구한 값과 다르면 어떻게 해야 할까요? 틀렸다고 하기 전에 다른 집계 방식을 먼저 시도해야 합니다. `nm.paper`는 논문의 표에 실린 모든 연산량과 매개변수 수를 이렇게 확인합니다. 아래 표의 판정을 위에서부터 차례로 시도해서 처음으로 맞는 것을 고릅니다.
#
# | 판정 | 뜻 |
# |---|---|
# | `equal` | 일치: 우리가 구한 값을 논문의 자릿수로 반올림하면 논문의 값이 됩니다 |
# | `cut off` | 버림: 반올림하지 않고 버림하면 논문의 값이 됩니다 |
# | `other convention` | 다른 집계 방식: 다른 방식으로 세면 논문의 값이 됩니다(어떤 방식인지 밝힙니다) |
# | `erratum` | 오류: 어떤 실수를 해야만 논문의 값이 됩니다(어떤 실수인지 밝힙니다) |
# | `not recomputable` | 재계산 불가: 네트워크의 일부가 비공개이거나 논문에 설명이 없습니다 |
# | `differs` | 불일치: 시도해 본 어떤 방법으로도 논문의 값이 나오지 않습니다 |
#
# **먼저 예상해 보세요.** 논문의 표에는 이런 값이 모두 104개 실려 있습니다. 그 가운데 `equal`은 4분의 1일까요, 절반일까요, 거의 모두일까요? (출력의 Table은 논문의 표 번호, ours는 우리가 구한 값입니다.)

# %% jupyter={"outputs_hidden": true}
cells = [cell for table in PAPER for cell in nm.paper.cells(table)]
tally = nm.paper.tally(cells)
print(*(f"{count:3} {verdict}" for verdict, count in tally.items()), sep="\n")
for cell in cells:
    if cell.verdict in ("cut off", "differs"):
        print(f"{cell.table}, {cell.row}: {cell.printed} million, ours {cell.ours:,} ({cell.verdict})")
assert sum(tally.values()) == 104, "all costs in Tables 2 to 14"

# %% [markdown] lang="en"
# More than half are equal, and 21 more agree once the convention or the cutting off is named. 20 cannot be recomputed. Six are errata; you met one of them in lesson 3.
# For one number, the 1,550 million of GoogLeNet, nothing that we tried fits: we count 2.1 % more (`nm.paper.networks.googlenet()` lists the layers that we counted). Then we say just that, and we do not guess.
#
# (Table 12 is about another task than ImageNet. Its networks are counted without the classifier of 1,000 classes.)

# %% [markdown] lang="ko" of="0c5d3a83"
# 절반이 넘는 56개가 일치하고, 버림한 것과 다른 집계 방식으로 센 것까지 더하면 21개가 더 맞습니다. 20개는 다시 계산할 수 없습니다. 오류는 6개이고, 그 가운데 하나는 3강에서 보았습니다.
# 나머지 하나인 GoogLeNet의 15억 5,000만(1,550 million)은 시도해 본 어떤 방법으로도 나오지 않습니다. 우리가 구한 값이 2.1% 더 큽니다(우리가 센 층은 `nm.paper.networks.googlenet()`에 있습니다). 이럴 때는 추측하지 않고 불일치라고 적습니다.
#
# (표 12는 ImageNet이 아닌 다른 문제를 다룹니다. 그래서 클래스가 1,000개인 분류기를 빼고 세었습니다.)

# %% [markdown] lang="en"
# ## Is MobileNet really 22 times cheaper than SqueezeNet?
#
# Table 9 of the paper compares a small MobileNet with SqueezeNet, another network made to be small (Iandola et al., 2016). The text says "22x less computation":
#
# | | top-1 accuracy | mult-adds | parameters |
# |---|---|---|---|
# | MobileNet 0.5-160 | 60.2 % | 76 million | 1.32 million |
# | SqueezeNet | 57.5 % | 1,700 million | 1.25 million |
#
# To check this we count SqueezeNet ourselves. It is built from **fire modules**. A fire module has three convolutions, all with stride 1, and the padding keeps the side of the feature map:
#
# 1. *squeeze*: a pointwise convolution from $M$ channels to $S$ channels, a small number;
# 2. *expand, 1 x 1*: a pointwise convolution from $S$ to $E$ channels;
# 3. *expand, 3 x 3*: a standard convolution, also from $S$ to $E$ channels.
#
# Both expand convolutions read the output of the squeeze convolution. Their outputs are concatenated, so the module has $2E$ output channels.
#
# **Predict first.** The first fire module is called `fire2`. It has $M = 96$, $S = 16$, $E = 64$ and a side of 55, so $55 \cdot 55 = 3{,}025$ pixels. Compute the mult-adds of its three convolutions on paper. Which is the largest?

# %% [markdown] lang="ko" of="739ee04c"
# ## SqueezeNet과의 비교
#
# MobileNet의 연산량이 정말 SqueezeNet의 22분의 1일까요? 논문의 표 9는 작은 MobileNet을 SqueezeNet과 비교합니다. SqueezeNet(Iandola 외, 2016)도 작은 크기를 목표로 설계한 네트워크입니다. 본문에는 "22x less computation"(연산량이 22분의 1)이라고 되어 있습니다.
#
# | | top-1 정확도 | 곱셈-누산 횟수 | 매개변수 수 |
# |---|---|---|---|
# | MobileNet 0.5-160 | 60.2% | 7,600만(76 million) | 132만 |
# | SqueezeNet | 57.5% | 17억(1,700 million) | 125만 |
#
# 확인하려면 SqueezeNet의 곱셈-누산을 직접 세어 보아야 합니다. SqueezeNet은 **파이어 모듈**(fire module)을 쌓은 네트워크입니다. 파이어 모듈은 합성곱 세 개로 되어 있습니다. 스트라이드는 모두 1이고, 패딩이 있어서 특징 맵의 크기는 그대로입니다.
#
# 1. *squeeze*: 채널 $M$개를 훨씬 적은 $S$개로 줄이는 점별 합성곱
# 2. *expand, 1 x 1*: 채널 $S$개를 $E$개로 늘리는 점별 합성곱
# 3. *expand, 3 x 3*: 역시 채널 $S$개를 $E$개로 늘리는 표준 합성곱
#
# 두 expand 합성곱의 입력은 모두 squeeze의 출력입니다. 두 출력을 이어 붙이므로 모듈의 출력 채널은 $2E$개입니다.
#
# **먼저 예상해 보세요.** 첫 번째 파이어 모듈의 이름은 `fire2`입니다. $M = 96$, $S = 16$, $E = 64$이고 특징 맵의 한 변의 길이가 55이므로 픽셀은 $55 \cdot 55 = 3{,}025$개입니다. 합성곱 세 개의 곱셈-누산을 종이에 계산해 보세요. 어느 것이 가장 많을까요?

# %% jupyter={"outputs_hidden": true}
x = np.zeros((1, 55, 55, 96), dtype=np.float32)
squeezed, squeeze = nm.conv.pointwise_conv(x, np.zeros((96, 16), dtype=np.float32))  # -> (1, 55, 55, 16)
_, expand_1 = nm.conv.pointwise_conv(squeezed, np.zeros((16, 64), dtype=np.float32))
_, expand_3 = nm.conv.standard_conv(squeezed, np.zeros((3, 3, 16, 64), dtype=np.float32))
print(f"squeeze {squeeze:,}, expand {expand_1:,} and {expand_3:,}", end=", ")
print(f"together {squeeze + expand_1 + expand_3:,}")
assert squeeze == 96 * 16 * 3025 and expand_1 == 16 * 64 * 3025, "M * N for each pixel"
assert expand_3 == 9 * expand_1, "a 3 x 3 kernel has 9 times as many parameters as a 1 x 1 kernel"

# %% [markdown] lang="en"
# By hand: $96 \cdot 16 \cdot 3025 = 4{,}646{,}400$, then $16 \cdot 64 \cdot 3025 = 3{,}097{,}600$, and 9 times as many for the 3 x 3 kernels, $27{,}878{,}400$. Together `fire2` makes $35{,}622{,}400$ mult-adds.
#
# The whole network, on an image of 227 x 227 pixels:
#
# - `conv1`: a standard convolution with $D_K = 7$, $N = 96$ and stride 2, without padding. The side becomes $(227 - 7) / 2 + 1 = 111$.
# - Eight fire modules. **Max pooling** comes before `fire2`, `fire5` and `fire9`: it replaces each window of 3 x 3 pixels by the largest of its numbers, with stride 2 and without padding. The side becomes 55, then 27, then 13. Max pooling makes no mult-adds.
# - `conv10`: a pointwise convolution from 512 to 1,000 channels, one for each class. Its input gets one zero on each side, so the side is $13 + 2 = 15$.
#
# Each module reads the $2E$ channels of the module before. The numbers $S$ and $E$ of the eight modules are those of Table 1 in the SqueezeNet paper; in the code they are called `modules`. Now we can add everything up:

# %% [markdown] lang="ko" of="3b25fdbd"
# 손으로 계산하면 squeeze는 $96 \cdot 16 \cdot 3025 = 4{,}646{,}400$번, 1 x 1 커널은 $16 \cdot 64 \cdot 3025 = 3{,}097{,}600$번이고, 3 x 3 커널은 1 x 1 커널의 9배인 $27{,}878{,}400$번으로 가장 많습니다. `fire2`의 곱셈-누산은 모두 $35{,}622{,}400$번입니다.
#
# 227 x 227 픽셀 이미지를 넣었을 때 네트워크 전체는 다음과 같습니다.
#
# - `conv1`: $D_K = 7$, $N = 96$, 스트라이드 2인 표준 합성곱이고 패딩이 없습니다. 한 변의 길이는 $(227 - 7) / 2 + 1 = 111$이 됩니다.
# - 파이어 모듈 8개입니다. `fire2`, `fire5`, `fire9` 앞에는 **최대 풀링**(max pooling)이 있습니다. 3 x 3 픽셀 윈도우마다 가장 큰 값 하나만 남기는 계산입니다. 스트라이드는 2이고 패딩은 없습니다. 한 변의 길이는 차례로 55, 27, 13이 됩니다. 최대 풀링에는 곱셈-누산이 없습니다.
# - `conv10`: 512개 채널에서 클래스마다 하나씩 1,000개 채널을 만드는 점별 합성곱입니다. 입력의 상하좌우에 0을 한 줄씩 채우므로 한 변의 길이는 $13 + 2 = 15$입니다.
#
# 모듈마다 바로 앞 모듈의 출력 채널 $2E$개를 입력으로 받습니다. 모듈 8개의 $S$와 $E$는 SqueezeNet 논문의 표 1에 있는 값이고, 코드에서는 리스트 `modules`에 들어 있습니다. 이제 모두 더해 봅시다. (출력의 side는 한 변의 길이, all은 합계입니다.)


# %%
def fire(M, S, E, D_F):
    expand = nm.cost.pointwise(S, E, D_F) + nm.cost.standard(3, S, E, D_F)
    return nm.cost.pointwise(M, S, D_F) + expand


# %%
assert (111 - 3) // 2 + 1 == 55 and (55 - 3) // 2 + 1 == 27 and (27 - 3) // 2 + 1 == 13, "max pooling"
squeezenet, M = nm.cost.standard(7, 3, 96, 111), 96
print(f"conv1 {squeezenet:12,}")
modules = [(16, 64, 55), (16, 64, 55), (32, 128, 55)]  # S, E and the side: fire2 to fire4
modules += [(32, 128, 27), (48, 192, 27), (48, 192, 27), (64, 256, 27), (64, 256, 13)]  # fire5 to fire9
for number, (S, E, D_F) in enumerate(modules, start=2):
    print(f"fire{number} {fire(M, S, E, D_F):12,}   M {M}, S {S}, E {E}, side {D_F}")
    squeezenet, M = squeezenet + fire(M, S, E, D_F), 2 * E
squeezenet += nm.cost.pointwise(M, 1000, 15)
print(f"conv10{nm.cost.pointwise(M, 1000, 15):12,}\nall   {squeezenet:12,}")
assert squeezenet == nm.paper.networks.squeezenet().mult_adds == 861_339_936, "the package counts the same"

# %% [markdown] lang="en"
# SqueezeNet makes 861 million mult-adds, about half of the 1,700 million in Table 9.
#
# **Predict first.** Which convention gives 1,700? And by which factor is MobileNet cheaper, if both networks are counted in the same way?

# %% [markdown] lang="ko" of="5f2fe068"
# SqueezeNet의 곱셈-누산은 8억 6,100만 번입니다. 표 9에 실린 17억 번(1,700 million)의 절반쯤입니다.
#
# **먼저 예상해 보세요.** 어떤 집계 방식으로 세면 17억 번이 될까요? 두 네트워크를 같은 방식으로 세면 MobileNet의 연산량은 SqueezeNet의 몇 분의 1일까요? (출력의 in the paper는 논문의 비율, counted alike는 같은 방식으로 세었을 때의 비율, without the zeros at conv10은 마지막 층 입력의 0을 빼고 센 횟수입니다.)

# %% jupyter={"outputs_hidden": true}
mobilenet = sum(nm.cost.mult_adds(layer) for layer in nm.mobilenet(0.5, 160))
print(f"2 * {squeezenet / 1e6:.1f} = {2 * squeezenet / 1e6:.1f} million")
print(f"in the paper: 1700 / 76 = {1700 / 76:.1f}")
print(f"counted alike: {squeezenet / 1e6:.1f} / {mobilenet / 1e6:.1f} = {squeezenet / mobilenet:.1f}")
print(f"without the zeros at conv10: {(squeezenet - 512 * 1000 * (15**2 - 13**2)) / 1e6:.1f} million")

# %% [markdown] lang="en"
# Counted with $c = 2$, SqueezeNet has 1,722.7 million operations, and rounded to hundreds this is 1,700. In the same table MobileNet is counted with $c = 1$. So the "22x" compares two different units. Counted alike, MobileNet is 11.3 times cheaper. It is also more accurate by 2.7 percentage points. The conclusion of the paper holds, but the factor is half as large.
#
# (If the zeros at `conv10` are left out, the count is 832.7 million. Twice that is 1,665 million, which also rounds to 1,700. So this detail does not matter here.)

# %% [markdown] lang="ko" of="a11e9c57"
# $c = 2$로 세면 SqueezeNet의 연산은 17억 2,270만 번이고, 억 단위로 반올림하면 17억 번입니다. 그런데 같은 표에서 MobileNet은 $c = 1$로 세었습니다. 즉 "22x"는 단위가 다른 두 숫자를 비교한 것입니다. 같은 방식으로 세면 MobileNet의 연산량은 SqueezeNet의 11.3분의 1입니다. 정확도도 2.7%p 더 높습니다. 그러므로 논문의 결론은 맞지만, 연산량의 차이는 논문에 실린 것의 절반입니다.
#
# (`conv10` 입력의 0을 빼고 세면 8억 3,270만 번입니다. 그 두 배는 16억 6,500만 번이고, 이것도 반올림하면 17억 번입니다. 그래서 0을 세는지 빼는지는 결론에 영향을 주지 않습니다.)

# %% [markdown] lang="en"
# ## Do all numbers in a row belong to the same network?
#
# Table 4 compares MobileNet with its standard-convolution version (lesson 2). It prints 569 and 4,866 million mult-adds. In Table 10 a MobileNet tells 120 breeds of dogs apart. It prints 569 million mult-adds and 3.3 million parameters.
#
# **Predict first.** We count both networks with their classifiers. For each of the printed numbers 4,866, 569 and 3.3, do we get the same? (The classifier has $1024 \cdot 1000$ or $1024 \cdot 120$ mult-adds, and as many parameters.)

# %% [markdown] lang="ko" of="acf56476"
# ## 같은 행, 다른 네트워크
#
# 표의 한 행에 있는 숫자들은 모두 같은 네트워크의 것일까요? 표 4는 MobileNet을 표준 합성곱 버전과 비교합니다(2강). 곱셈-누산은 각각 569 million과 4,866 million으로 실려 있습니다. 표 10의 MobileNet은 개의 품종 120가지를 구별합니다. 곱셈-누산은 569 million, 매개변수는 3.3 million으로 실려 있습니다.
#
# **먼저 예상해 보세요.** 두 네트워크를 분류기까지 넣어서 세어 봅시다. 논문에 실린 4,866, 569, 3.3 가운데 우리가 센 값과 같은 것은 어느 것일까요? (분류기의 곱셈-누산은 $1024 \cdot 1000$번 또는 $1024 \cdot 120$번이고, 매개변수도 그만큼 있습니다.)


# %%
def millions(layers):
    return sum(nm.cost.mult_adds(layer) for layer in layers) / 1e6


# %% jupyter={"outputs_hidden": true}
standard, dogs = nm.mobilenet(separable=False), nm.mobilenet(classes=120)
print(f"standard version: {millions(standard):.1f} million", end=", ")
print(f"without its classifier {millions(standard[:-1]):.1f} million")
print(f"dogs: {millions(dogs):.1f} million", end=", ")
print(f"{sum(nm.cost.parameters(layer) for layer in dogs) / 1e6:.1f} million parameters")

# %% [markdown] lang="en"
# The 4,866 leaves the classifier out, and the 569 beside it does not. For the dogs, the 3.3 million parameters belong to 120 classes, but the 569 million mult-adds belong to 1,000 classes: with 120 it is 567.8. Both differences are small, about one million mult-adds. A wrong unit, as for SqueezeNet, changes a ratio by a factor of 2.

# %% [markdown] lang="ko" of="84af9177"
# 4,866은 분류기를 뺀 값인데, 나란히 실린 569는 분류기를 넣은 값입니다(출력의 without its classifier가 분류기를 뺀 횟수입니다). 표 10의 매개변수 3.3 million은 클래스가 120개일 때의 값이지만 곱셈-누산 569 million은 1,000개일 때의 값입니다. 120개이면 567.8 million입니다. 두 경우 모두 차이는 100만 번쯤으로 작습니다. 하지만 SqueezeNet처럼 단위가 다르면 비율이 두 배로 달라집니다.

# %% [markdown] lang="en"
# ## Is it the same network at all?
#
# The page of the released weights prints 317 million for 0.75-224. The paper prints 325, and so do we. The difference is 8 million.
#
# At $\alpha = 0.75$, `conv1` has $0.75 \cdot 32 = 24$ channels. Suppose that somebody counted a network with only 16 channels there. Then three layers become smaller: `conv1` has 8 fewer output channels, `conv_dw_1` has 8 fewer channels, and `conv_pw_1` has 8 fewer input channels. All three have 112 x 112 output pixels.
#
# **Predict first.** How many mult-adds are missing in each of the three layers? `conv1` has $D_K = 3$ and $M = 3$, `conv_dw_1` has $D_K = 3$, and `conv_pw_1` has $N = 0.75 \cdot 64 = 48$.

# %% [markdown] lang="ko" of="f2406ef5"
# ## 이름은 같고 구조는 다른 네트워크
#
# 이름이 같으면 같은 네트워크일까요? 공개된 가중치의 설명 페이지에는 0.75-224의 곱셈-누산이 3억 1,700만 번(317 million)으로 되어 있습니다. 논문에는 3억 2,500만 번(325 million)으로 실려 있고 우리가 구한 값도 그렇습니다. 차이는 800만 번입니다.
#
# $\alpha = 0.75$이면 `conv1`의 채널은 $0.75 \cdot 32 = 24$개입니다. 만약 `conv1`의 채널이 16개뿐인 네트워크를 세었다면 층 세 개의 연산량이 줄어듭니다. `conv1`은 출력 채널이, `conv_dw_1`은 채널이, `conv_pw_1`은 입력 채널이 8개씩 줄어듭니다. 세 층 모두 출력이 112 x 112 픽셀입니다.
#
# **먼저 예상해 보세요.** 세 층의 곱셈-누산은 각각 몇 번 줄어들까요? `conv1`은 $D_K = 3$, $M = 3$이고, `conv_dw_1`은 $D_K = 3$, `conv_pw_1`은 $N = 0.75 \cdot 64 = 48$입니다.

# %% jupyter={"outputs_hidden": true}
missing = [3 * 3 * 3 * 8 * 112**2, 3 * 3 * 8 * 112**2, 8 * 48 * 112**2]
print(*(f"{count:,}" for count in missing), f"together {sum(missing):,}")
print(f"{millions(nm.mobilenet(0.75)):.1f} - {sum(missing) / 1e6:.1f} = ", end="")
print(f"{millions(nm.mobilenet(0.75)) - sum(missing) / 1e6:.1f} million")

# %%
page = {(0.75, 224): 317, (0.75, 192): 233, (0.75, 160): 162, (0.75, 128): 104, (0.25, 192): 34}
for (alpha, resolution), in_print in page.items():
    ours = nm.mobilenet(alpha, resolution)
    narrow = nm.paper.readings.first_layer_of(16, ours)  # the same network with 16 channels in conv1
    print(f"{alpha}-{resolution}: page {in_print}; {ours[0].N:2} channels: {millions(ours):.1f}", end="; ")
    print(f"{narrow[0].N} channels: {millions(narrow):.1f}")
    assert round(millions(narrow)) == in_print != round(millions(ours)), "16 channels explain the number"

# %% [markdown] lang="en"
# Together 8.4 million are missing, and $325.4 - 8.4 = 317.0$. With 16 channels we get all four numbers that the page prints for $\alpha = 0.75$, and also its 34 for 0.25-192, where `conv1` should have 8 channels. One explanation fits five numbers. We cannot know how the mistake happened, but these numbers belong to another network.

# %% [markdown] lang="ko" of="3c0001a0"
# 모두 840만 번이 줄어들어서 백만 단위로 $325.4 - 8.4 = 317.0$이 됩니다. 채널을 16개로 바꾸면 이 페이지에 있는 $\alpha = 0.75$의 네 값이 모두 나오고, `conv1`의 채널이 8개여야 하는 0.25-192의 34까지 나옵니다. 한 가지 가정으로 다섯 개의 값이 모두 설명됩니다. 어쩌다 이런 실수가 생겼는지는 알 수 없지만, 이 값들은 다른 네트워크의 것입니다. (출력의 page는 설명 페이지의 값, channels는 `conv1`의 채널 수입니다.)

# %% [markdown] lang="en"
# ## How do you state a number?
#
# Whose number is right? All of them can be right, if they say what they count. With five statements others can check your number:
#
# 1. the network: widths, resolution, number of classes, and whether the classifier is included;
# 2. the unit: mult-adds, or multiplications and additions apart;
# 3. what else is counted: bias, batch norm, ReLU, pool, softmax; and whether products with the zeros of the padding count;
# 4. one image, or a batch;
# 5. the exact count, or how it was rounded.

# %% [markdown] lang="ko" of="d757f12e"
# ## 연산 횟수를 적는 방법
#
# 지금까지 본 여러 값 가운데 어느 것이 맞을까요? 무엇을 어떻게 셌는지 밝히면 모두 맞을 수 있습니다. 다음 다섯 가지를 밝히면 다른 사람이 확인할 수 있습니다.
#
# 1. 네트워크: 너비, 해상도, 클래스 수, 분류기 포함 여부
# 2. 단위: 곱셈-누산인지, 곱셈과 덧셈을 따로 센 것인지
# 3. 그 밖에 센 것: 편향, 배치 정규화, ReLU, 풀링, 소프트맥스, 그리고 패딩의 0과 한 곱셈도 세었는지
# 4. 이미지 한 장인지, 배치인지
# 5. 정확한 값인지, 아니면 어떻게 반올림했는지

# %%
print(
    f"MobileNet v1, alpha 1.0, 224 x 224, 1000 classes, one image: {mult_adds:,} mult-adds\n"
    "(a multiplication with its addition is one; products with the zeros of the padding are counted;\n"
    "bias, batch norm, ReLU, pool and softmax are not)."
)

# %% [markdown] lang="en"
# These three lines contain all five statements. Write such a sentence under the next table that you make.

# %% [markdown] lang="ko" of="01cfe36f"
# 이 세 줄에 다섯 가지가 모두 들어 있습니다. 우리말로는 이렇게 적을 수 있습니다.
#
# > MobileNet v1, α 1.0, 224 x 224, 클래스 1,000개, 이미지 한 장: 곱셈-누산 568,740,352번(곱셈과 그 덧셈을 묶어서 한 번으로 세고, 패딩의 0과 한 곱셈도 세었음. 편향, 배치 정규화, ReLU, 풀링, 소프트맥스는 세지 않았음).
#
# 앞으로 표를 만들면 그 밑에 이런 설명을 적으세요.

# %% [markdown] lang="en"
# ## Summary
#
# - A total is $c \cdot \text{mult-adds}$ plus sizes of the network times coefficients. With the table of coefficients, the totals of all eight tools follow from 568,740,352, to the last digit.
# - One factor cannot convert a total, because the parts of a total fall differently with $\alpha$.
# - SqueezeNet makes 861 million mult-adds. The 1,700 million in Table 9 count multiplications and additions apart, so MobileNet 0.5-160 is 11 times cheaper, not 22 times.
# - Before you call a number wrong, try rounding, cutting off and other conventions. If nothing fits, say so.
# - State the network, the unit, what else is counted, the batch and the rounding.

# %% [markdown] lang="ko" of="4209ccae"
# ## 정리
#
# - 합계는 곱셈-누산 횟수에 $c$를 곱하고, 네트워크의 여러 크기에 계수를 곱해서 더한 것입니다. 계수 표가 있으면 568,740,352에서 도구 여덟 개의 합계를 마지막 자리까지 구할 수 있습니다.
# - 배율 하나로는 합계를 환산할 수 없습니다. 합계를 이루는 부분들이 $\alpha$에 따라 서로 다르게 줄어들기 때문입니다.
# - SqueezeNet의 곱셈-누산은 8억 6,100만 번입니다. 표 9의 1,700 million은 곱셈과 덧셈을 따로 센 값이므로, MobileNet 0.5-160의 연산량은 22분의 1이 아니라 11분의 1입니다.
# - 틀린 값이라고 하기 전에 반올림, 버림, 다른 집계 방식을 먼저 시도하세요. 그래도 맞지 않으면 불일치라고 밝히세요.
# - 연산 횟수를 적을 때는 네트워크, 단위, 그 밖에 센 것, 배치, 반올림을 밝히세요.

# %% [markdown] lang="en"
# ## Exercises
#
# **1.** By hand: an input of 2 x 2 pixels with $M = 4$ channels, a pointwise convolution with $N = 3$, then batch norm. There is no ReLU and no pool. What does a tool report that counts additions apart? What do thop and fvcore report?
#
# <details><summary>Answer 1</summary>
#
# Mult-adds: $4 \cdot 3 \cdot 4 = 48$, and the output has $3 \cdot 4 = 12$ elements. Additions apart: $2 \cdot 48 = 96$. thop has $c = 1$ and 4 for each batch-norm element: $48 + 4 \cdot 12 = 96$, the same number with another meaning. fvcore: $48 + 2 \cdot 12 = 72$.
#
# </details>
#
# **2.** A blog says "MobileNet needs 1.1 GFLOPs", and a paper says "0.57 GMACs" (G means billion). Do they contradict each other?
#
# <details><summary>Answer 2</summary>
#
# No. $2 \cdot 568.7 = 1137.5$ million are 1.1 billion operations if additions are counted apart, and 568.7 million mult-adds are 0.57 billion.
#
# </details>
#
# **3.** In the text at Table 11, the authors put a classifier of 10 million parameters on MobileNet without its own classifier, and they write "0.58 Million mult-adds". Which word is wrong? In Table 14, two rows have the same name, 0.75 MobileNet-128: one prints 166 million mult-adds, the other 108. Which of them has a wrong name? (`millions(nm.mobilenet(0.75, resolution)[:-1])` counts a body.)
#
# <details><summary>Answer 3</summary>
#
# The body makes 567.7 million mult-adds, and a classifier makes one for each of its parameters. Together these are 577.7 million, or 0.58 *billion*. The body of 0.75-128 makes 106.0 million, which leaves 2 million of the 108 for the layers after it. It makes 165.6 million at 160, so the row with 166 should be named 0.75 MobileNet-160.
#
# </details>
#
# **4.** Keras has an argument `depth_multiplier`, and its description says that this is "the resolution multiplier". In truth it is the number of depthwise kernels for each channel. With 2, each depthwise layer makes twice as many channels, and each pointwise layer reads twice as many. How many mult-adds does MobileNet 1.0-224 make then? Compare with `millions(nm.mobilenet(1.0, 448))` and `millions(nm.mobilenet(2.0))`.
#
# <details><summary>Answer 4</summary>
#
# All depthwise and pointwise layers cost twice as much. `conv1` makes $3 \cdot 3 \cdot 3 \cdot 32 \cdot 112^2 = 10{,}838{,}016$ mult-adds and the classifier $1{,}024{,}000$. So the total is $2 \cdot 568{,}740{,}352 - 10{,}838{,}016 - 1{,}024{,}000 = 1{,}125{,}618{,}688$, about twice as much. Twice the resolution costs 2,271.9 million and $\alpha = 2$ costs 2,216.5 million, nearly four times as much. So `depth_multiplier` is neither $\rho$ nor $\alpha$.
#
# </details>

# %% [markdown] lang="ko" of="17a50b14"
# ## 연습 문제
#
# **1.** (손 계산) 2 x 2 픽셀에 채널이 $M = 4$개인 입력에 $N = 3$인 점별 합성곱을 적용하고 배치 정규화를 합니다. ReLU와 풀링은 없습니다. 덧셈을 따로 세는 도구의 합계는 얼마인가요? thop과 fvcore의 합계는 각각 얼마인가요?
#
# <details><summary>1번 답</summary>
#
# 곱셈-누산은 $4 \cdot 3 \cdot 4 = 48$번이고 출력의 원소는 $3 \cdot 4 = 12$개입니다. 덧셈을 따로 세는 도구는 $2 \cdot 48 = 96$입니다. thop은 $c = 1$이고 배치 정규화 원소마다 4를 더하므로 $48 + 4 \cdot 12 = 96$입니다. 합계는 같지만 센 것이 다릅니다. fvcore는 $48 + 2 \cdot 12 = 72$입니다.
#
# </details>
#
# **2.** 어느 블로그에는 "MobileNet은 1.1 GFLOPs"라고, 어느 논문에는 "0.57 GMACs"라고 되어 있습니다(G는 10억). 둘은 서로 모순인가요?
#
# <details><summary>2번 답</summary>
#
# 모순이 아닙니다. 덧셈을 따로 세면 백만 단위로 $2 \cdot 568.7 = 1137.5$, 즉 약 11억 번이고, 곱셈-누산으로 세면 568.7, 즉 약 5억 7,000만 번입니다.
#
# </details>
#
# **3.** 표 11에 대한 본문에서 저자들은 MobileNet의 분류기를 떼고 매개변수가 1,000만 개인 분류기를 붙인 다음 "0.58 Million mult-adds"라고 했습니다. 어느 단어가 틀렸나요? 표 14에는 0.75 MobileNet-128이라는 행이 둘 있는데, 곱셈-누산이 하나는 166 million, 하나는 108 million입니다. 이름이 틀린 행은 어느 것인가요? (분류기를 뺀 부분, 즉 백본의 연산량은 `millions(nm.mobilenet(0.75, resolution)[:-1])`로 셉니다.)
#
# <details><summary>3번 답</summary>
#
# 백본의 곱셈-누산은 567.7 million이고, 분류기의 곱셈-누산은 매개변수 하나에 한 번입니다. 합하면 577.7 million, 즉 0.58 *billion*입니다. Million이 틀렸습니다. 0.75-128의 백본은 106.0 million이므로 108 million에서 나머지 2 million은 백본 뒤에 붙인 층의 것입니다. 해상도가 160이면 백본이 165.6 million입니다. 그러므로 166 million인 행의 이름이 0.75 MobileNet-160이어야 합니다.
#
# </details>
#
# **4.** Keras에는 `depth_multiplier`라는 인자가 있고, 설명에는 "해상도 승수"라고 되어 있습니다. 실제로는 채널마다 깊이별 커널을 몇 개 둘지 정하는 인자입니다. 2로 하면 깊이별 층의 출력 채널이 두 배가 되고, 점별 층의 입력 채널도 두 배가 됩니다. 이때 MobileNet 1.0-224의 곱셈-누산은 몇 번인가요? `millions(nm.mobilenet(1.0, 448))`, `millions(nm.mobilenet(2.0))`과 비교해 보세요.
#
# <details><summary>4번 답</summary>
#
# 깊이별 층과 점별 층의 연산량이 모두 두 배가 됩니다. `conv1`은 $3 \cdot 3 \cdot 3 \cdot 32 \cdot 112^2 = 10{,}838{,}016$번, 분류기는 $1{,}024{,}000$번 그대로입니다. 따라서 합계는 $2 \cdot 568{,}740{,}352 - 10{,}838{,}016 - 1{,}024{,}000 = 1{,}125{,}618{,}688$번으로 약 두 배입니다. 해상도를 두 배로 하면 2,271.9 million, $\alpha = 2$로 하면 2,216.5 million으로 거의 네 배입니다. 그러므로 `depth_multiplier`는 $\rho$도 아니고 $\alpha$도 아닙니다.
#
# </details>

# %% [markdown] lang="en"
# **5.** (Code) Write `my_total(layers, c, n)`. It returns the total of a tool that counts $c$ for each mult-add and $n$ for each batch-norm element (batch norm follows each convolution, but not the pool and the classifier). Use `nm.cost.mult_adds`, `layer.kind`, `layer.D_G` and `layer.N`, but nothing from `tools`.
# The check compares your totals with those of `tools`, for networks of several sizes.

# %% [markdown] lang="ko" of="1d3acc49"
# **5.** (코딩) 함수 `my_total(layers, c, n)`을 작성하세요. 곱셈-누산 한 번을 $c$로, 배치 정규화 원소 하나를 $n$으로 세는 도구의 합계를 반환합니다(배치 정규화는 합성곱 뒤에만 있고 풀링과 분류기 뒤에는 없습니다). `nm.cost.mult_adds`, `layer.kind`, `layer.D_G`, `layer.N`을 사용하고, `tools`의 함수는 쓰지 마세요.
# 셀 안의 검사 코드가 여러 크기의 네트워크에서 여러분의 합계를 `tools`의 합계와 비교합니다. (출력의 write ..., then run this cell again은 "...를 작성한 다음 이 셀을 다시 실행하세요", is right는 "맞았습니다"라는 뜻입니다.)


# %%
def my_total(layers, c, n):
    raise NotImplementedError("Exercise 5: write my_total, then run this cell again")


try:
    for network in (layers, nm.mobilenet(0.25, 128), nm.mobilenet(separable=False), layers[:-2]):
        for c, n in ((1, 0), (2, 0), (1, 4), (2, 2)):
            tool = tools.Tool("mine", "1", "ops", 0, per_mult_add=c, adds={"batch-norm elements": n})
            mine, right = my_total(network, c, n), tools.total(network, tool)
            assert mine == right, f"with c = {c} and n = {n} the total is {right:,}, not {mine:,}"
    print("Exercise 5 is right.")
except NotImplementedError as todo:
    print(todo)

# %% [markdown] lang="en"
# <details><summary>Answer 5</summary>
#
# ```python
# def my_total(layers, c, n):
#     total = 0
#     for layer in layers:
#         total += c * nm.cost.mult_adds(layer)
#         if layer.kind in ("standard", "depthwise", "pointwise"):
#             total += n * layer.D_G**2 * layer.N
#     return total
# ```
#
# </details>

# %% [markdown] lang="ko" of="633f7809"
# <details><summary>5번 답</summary>
#
# ```python
# def my_total(layers, c, n):
#     total = 0
#     for layer in layers:
#         total += c * nm.cost.mult_adds(layer)
#         if layer.kind in ("standard", "depthwise", "pointwise"):
#             total += n * layer.D_G**2 * layer.N
#     return total
# ```
#
# </details>
