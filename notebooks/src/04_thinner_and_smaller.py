# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # 4. Thinner and smaller
#
# A phone computes more slowly than a server and has less memory, and a microcontroller has even less. The paper does not design a new network for each of them. It gives two numbers, $\alpha$ and $\rho$, that make the same network cheaper. In this lesson we compute what each of them saves, and what it costs in accuracy.
#
# After this lesson you can
#
# - say what the width multiplier $\alpha$ and the resolution multiplier $\rho$ change in each layer, and what they do not change;
# - derive what they save in mult-adds, in parameters and in memory, and say where these laws are exact;
# - explain why, at a resolution of 100 pixels, the network costs more than $\rho^2$ in TensorFlow and PyTorch, and less in Keras;
# - choose one of the 16 published networks for given limits, and give your reasons.
#
# About 45 minutes, without the exercises. You need: lesson 3. Have pencil and paper ready.

# %% [markdown] lang="ko" of="93ea2d49"
# # 4. 더 얇고 더 작은 네트워크
#
# 휴대전화는 서버보다 계산이 느리고 메모리도 적습니다. 마이크로컨트롤러(microcontroller)의 메모리는 그보다 더 적습니다. 논문에서는 기기마다 네트워크를 새로 설계하는 대신, 숫자 두 개, 즉 $\alpha$와 $\rho$를 바꾸어서 같은 네트워크의 연산량을 줄입니다. 이번 강의에서는 $\alpha$와 $\rho$를 줄이면 무엇이 얼마나 줄어드는지 계산하고, 그때 정확도가 얼마나 떨어지는지 알아봅니다.
#
# 이 강의를 마치면
#
# - 너비 승수 $\alpha$와 해상도 승수 $\rho$를 바꿀 때 층마다 무엇이 바뀌고 무엇이 그대로인지 말할 수 있습니다.
# - 곱셈-누산 횟수, 매개변수 수, 메모리 사용량이 각각 얼마나 줄어드는지 유도하고, 그 식이 언제 정확히 성립하는지 말할 수 있습니다.
# - 해상도가 100픽셀일 때 연산량이 TensorFlow와 PyTorch에서는 $\rho^2$배보다 많고 Keras에서는 적은 이유를 설명할 수 있습니다.
# - 주어진 제한에 맞는 네트워크를 공개된 16개 가운데서 고르고, 그 이유를 설명할 수 있습니다.
#
# 강의 시간은 연습 문제를 빼고 약 45분입니다. 3강의 내용을 알고 있으면 됩니다. 연필과 종이를 준비하세요.
#
# 이번 강의의 출력에 나오는 영어는 다음과 같은 뜻입니다. 출력을 읽을 때 찾아보세요.
#
# | 출력 | 뜻 |
# |---|---|
# | alpha, rho, alpha squared, rho squared | α, ρ, α², ρ² |
# | ... of all | 원래 네트워크의 ...배 |
# | wanted, used | 계산으로 나온 채널 수, 실제로 쓴 채널 수 |
# | million, ours | 백만, 우리가 구한 값 |
# | ... times | ...배 |
# | below, above the curve | 곡선보다 아래, 위 |
# | ... points in ... halvings | ...번 절반이 되는 동안 ...%p |
# | ... per halving | 한 번 절반이 될 때마다 ...%p |
# | KiB of parameters, peak memory | 매개변수의 크기(KiB), 최대 메모리 사용량 |
# | fits, does not fit, just above | 제한에 맞음, 맞지 않음, 제한을 조금 넘음 |
# | is cheaper and more accurate than | 연산량이 더 적고 더 정확함 |

# %%
WHEEL = ""  # in Colab or JupyterLite: the address of npmobile's wheel, or the name of the file that you uploaded
try:
    import npmobile as nm
except ImportError as error:
    if not WHEEL:
        raise ImportError("install npmobile first: pip install . in its folder, or name its wheel above") from error
    # %pip install -q {WHEEL}
    import npmobile as nm
import math
from fractions import Fraction

import numpy as np

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## What do the two multipliers change?
#
# The **width multiplier** $\alpha$ changes the number of channels of every layer: $M$ becomes $\alpha M$ and $N$ becomes $\alpha N$. The network becomes thinner.
# The **resolution multiplier** $\rho$ changes the side of the image, and with it the side of every feature map: $D_F$ becomes $\rho D_F$. Both are greater than 0 and at most 1.
#
# A depthwise and a pointwise convolution with stride 1 then make together
#
# $$D_K \cdot D_K \cdot \alpha M \cdot \rho D_F \cdot \rho D_F + \alpha M \cdot \alpha N \cdot \rho D_F \cdot \rho D_F$$
#
# mult-adds (equation 7 of the paper). The first term is the depthwise step, the second is the pointwise step.
#
# **Predict first.** Take $D_K = 3$, $M = N = 4$ and $D_F = 4$. Compute both terms on paper: first with $\alpha = \rho = 1$, then with $\alpha = 0.5$ and $\rho = 1$, then with $\alpha = 1$ and $\rho = 0.5$.

# %% [markdown] lang="ko" of="440312c9"
# ## 두 승수가 바꾸는 것
#
# $\alpha$와 $\rho$를 바꾸면 네트워크의 무엇이 바뀔까요? **너비 승수**(width multiplier) $\alpha$는 모든 층의 채널 수를 바꿉니다. $M$은 $\alpha M$이, $N$은 $\alpha N$이 됩니다. 네트워크가 얇아집니다.
# **해상도 승수**(resolution multiplier) $\rho$는 이미지의 한 변의 길이를 바꿉니다. 그러면 모든 특징 맵의 한 변의 길이도 바뀌어서 $D_F$가 $\rho D_F$가 됩니다. 둘 다 0보다 크고 1 이하입니다.
#
# 스트라이드가 1인 깊이별 합성곱과 점별 합성곱의 곱셈-누산은 합쳐서 다음과 같습니다(논문의 식 7).
#
# $$D_K \cdot D_K \cdot \alpha M \cdot \rho D_F \cdot \rho D_F + \alpha M \cdot \alpha N \cdot \rho D_F \cdot \rho D_F$$
#
# 첫 번째 항이 깊이별 단계, 두 번째 항이 점별 단계입니다.
#
# **먼저 예상해 보세요.** $D_K = 3$, $M = N = 4$, $D_F = 4$입니다. 두 항을 종이에 계산해 보세요. 먼저 $\alpha = \rho = 1$일 때, 다음은 $\alpha = 0.5$, $\rho = 1$일 때, 마지막으로 $\alpha = 1$, $\rho = 0.5$일 때입니다.


# %%
def executed(M, D_F):
    x = np.ones((1, D_F, D_F, M))
    _, depthwise = nm.loops.depthwise_conv(x, np.ones((3, 3, M)))
    _, pointwise = nm.loops.pointwise_conv(x, np.ones((M, M)))  # N = M
    return depthwise, pointwise


# %% jupyter={"outputs_hidden": true}
print("alpha = rho = 1:", executed(M=4, D_F=4))
print("alpha = 0.5:    ", executed(M=2, D_F=4))
print("rho = 0.5:      ", executed(M=4, D_F=2))
assert executed(4, 4) == (9 * 4 * 16, 4 * 4 * 16), "D_F * D_F = 16 pixels"

# %% [markdown] lang="en"
# These are executed counts, depthwise and pointwise. With $\alpha = 0.5$ the depthwise step falls from 576 to 288, to one half, because $\alpha$ appears once in the first term. The pointwise step falls from 256 to 64, to one quarter, because $\alpha$ appears twice: it has half the input channels and half the output channels.
# With $\rho = 0.5$ both steps fall to one quarter, because the image becomes smaller in two directions.

# %% [markdown] lang="ko" of="12391ee2"
# 반복문을 실제로 실행해서 센 깊이별 단계와 점별 단계의 횟수입니다. $\alpha = 0.5$이면 깊이별 단계는 576번에서 288번으로 절반이 됩니다. 첫 번째 항에는 $\alpha$가 한 번만 나오기 때문입니다. 점별 단계는 256번에서 64번으로 4분의 1이 됩니다. 두 번째 항에는 $\alpha$가 두 번 나오기 때문입니다. 입력 채널도 절반, 출력 채널도 절반이 됩니다.
# $\rho = 0.5$이면 두 단계 모두 4분의 1이 됩니다. 이미지의 가로와 세로가 모두 절반이 되기 때문입니다.

# %% [markdown] lang="en"
# ## How much does α save in the whole network?
#
# The paper says that $\alpha$ reduces the mult-adds and the parameters "quadratically by roughly $\alpha^2$". We want to know what is exact. MobileNet has four kinds of layers that make mult-adds: the standard convolution `conv1`, the depthwise layers, the pointwise layers, and the fully connected layer `fc`.
#
# **Predict first.** By which factor do the mult-adds of each kind fall at $\alpha = 0.5$? Ask for each kind: does its $M$ become smaller, its $N$, or both?

# %% [markdown] lang="ko" of="99c27e02"
# ## α의 효과
#
# 네트워크 전체에서는 얼마나 줄어들까요? 논문에는 곱셈-누산 횟수와 매개변수 수가 "대략 $\alpha^2$배로" 줄어든다고 되어 있습니다. 정확히는 몇 배일까요? MobileNet에서 곱셈-누산을 하는 층은 네 종류입니다. 표준 합성곱 `conv1`, 깊이별 층, 점별 층, 완전 연결 층 `fc`입니다.
#
# **먼저 예상해 보세요.** $\alpha = 0.5$일 때 종류별 곱셈-누산은 각각 몇 배가 될까요? 종류마다 $M$이 줄어드는지, $N$이 줄어드는지, 둘 다 줄어드는지 생각해 보세요.

# %% jupyter={"outputs_hidden": true}
full = nm.cost.by_kind(nm.mobilenet())
kinds = ("standard", "depthwise", "pointwise", "fully_connected")
for alpha in (0.75, 0.5, 0.25):
    thin = nm.cost.by_kind(nm.mobilenet(alpha))
    factors = {kind: Fraction(thin[kind].mult_adds, full[kind].mult_adds) for kind in kinds}
    print(f"alpha {alpha:4}:", ", ".join(f"{kind} {factor}" for kind, factor in factors.items()))

# %% [markdown] lang="en"
# - Pointwise: $\alpha^2$. Both $M$ and $N$ become smaller.
# - Depthwise: $\alpha$. Each channel has one kernel, so the number of channels appears only once.
# - `conv1`: $\alpha$. Only $N$ becomes smaller, because the image keeps its 3 channels.
# - `fc`: $\alpha$. Only $M$ becomes smaller, because the number of classes stays 1,000.
#
# Each factor is an exact fraction. So we also have an exact law for the whole network, where the rest is everything that is not pointwise:
#
# $$\text{total}(\alpha) = \alpha^2 \cdot \text{pointwise} + \alpha \cdot \text{rest}$$

# %% [markdown] lang="ko" of="5396a2e6"
# - 점별: $\alpha^2$배입니다. $M$과 $N$이 모두 줄어듭니다.
# - 깊이별: $\alpha$배입니다. 채널마다 커널이 하나이므로 채널 수가 식에 한 번만 나옵니다.
# - `conv1`: $\alpha$배입니다. 이미지의 채널은 그대로 3개이므로 $N$만 줄어듭니다.
# - `fc`: $\alpha$배입니다. 클래스는 그대로 1,000개이므로 $M$만 줄어듭니다.
#
# 반올림한 값이 아니라 정확한 분수입니다. 따라서 네트워크 전체의 곱셈-누산 횟수(total)도 정확한 식으로 쓸 수 있습니다. 여기서 나머지(rest)는 점별 층을 뺀 모든 층의 횟수입니다.
#
# $$\text{total}(\alpha) = \alpha^2 \cdot \text{pointwise} + \alpha \cdot \text{rest}$$


# %%
def total(alpha=1.0, resolution=224):
    return sum(nm.cost.mult_adds(layer) for layer in nm.mobilenet(alpha, resolution))


# %%
pointwise = full["pointwise"].mult_adds
rest = total() - pointwise
for alpha in (0.75, 0.5, 0.25):
    assert total(alpha) == alpha**2 * pointwise + alpha * rest, "only the pointwise layers have alpha twice"
    print(f"alpha {alpha:4}: {total(alpha):11,} mult-adds, {total(alpha) / total():.4f} of all", end=", ")
    print(f"alpha squared {alpha**2:.4f}")

# %% [markdown] lang="en"
# The share that is left is always a little larger than $\alpha^2$: at $\alpha = 0.25$ it is 0.0721, not 0.0625. The thinner the network, the larger is the share of the layers that shrink only with $\alpha$. The next figure shows the shares at $\alpha = 0.25$.

# %% [markdown] lang="ko" of="489dff29"
# 전체 횟수는 언제나 원래의 $\alpha^2$배보다 조금 많습니다. $\alpha = 0.25$이면 0.0625배가 아니라 0.0721배입니다. 네트워크가 얇을수록, $\alpha$배로만 줄어드는 층의 비중이 커집니다. $\alpha = 0.25$일 때의 비중을 그려 봅시다.

# %%
thin = nm.cost.by_kind(nm.mobilenet(alpha=0.25))
nm.plots.by_kind(thin.values())

# %% [markdown] lang="en"
# The pointwise layers now make 82.18 % of the mult-adds. In the full network they make 94.86 % (lesson 3). On the right, the classifier holds 55.22 % of the parameters. With 10 classes instead of 1,000 it would hold almost none.

# %% [markdown] lang="ko" of="d0109255"
# 곱셈-누산 가운데 점별 층의 비중은 82.18%입니다. 원래 네트워크에서는 94.86%였습니다(3강). 오른쪽을 보면 매개변수의 55.22%가 분류기에 있습니다. 클래스가 1,000개가 아니라 10개라면 분류기에는 매개변수가 거의 없을 것입니다.

# %% [markdown] lang="en"
# ### For which α is the law exact?
#
# The number of channels must be a whole number. With $\alpha = 0.5$, `conv1` has $0.5 \cdot 32 = 16$ channels. But what about $\alpha = 0.3$?

# %% [markdown] lang="ko" of="c34347c0"
# ### 식이 정확히 성립하는 α
#
# 채널 수는 자연수여야 합니다. $\alpha = 0.5$이면 `conv1`의 채널은 $0.5 \cdot 32 = 16$개입니다. 그런데 $\alpha = 0.3$이면 어떻게 될까요?

# %%
thin = nm.mobilenet(alpha=0.3)
print("wanted:", 0.3 * 32, 0.3 * 64, 0.3 * 128, " used:", thin[0].N, thin[2].N, thin[4].N)
ratio = nm.cost.by_kind(thin)["pointwise"].mult_adds / pointwise
print(f"pointwise layers: {ratio:.4f} of all, alpha squared {0.3**2:.4f}")

# %% [markdown] lang="en"
# This package cuts the fraction off, as Keras does: 9.6 becomes 9. Other libraries round in other ways, so the same $\alpha$ can mean another network there. The law is exact for 0.75, 0.5 and 0.25, because all numbers of channels, from 32 to 1,024, are divisible by 4. For any other $\alpha$, count with the table of layers.
#
# The paper prints the costs for these widths in its Table 6. We print them beside ours:

# %% [markdown] lang="ko" of="c845f534"
# 이 패키지에서는 Keras와 마찬가지로 소수점 아래를 버립니다. 9.6은 9가 됩니다. 라이브러리마다 반올림 방식이 달라서, 같은 $\alpha$라도 다른 네트워크가 될 수 있습니다. $\alpha$가 0.75, 0.5, 0.25일 때 식이 정확한 것은 32부터 1,024까지 모든 채널 수가 4로 나누어떨어지기 때문입니다. 다른 $\alpha$에서는 층의 표로 계산해야 합니다.
#
# 논문의 표 6에는 네 가지 $\alpha$의 연산량이 실려 있습니다. 우리가 구한 값과 나란히 출력해 봅시다.


# %%
from npmobile.paper.printed import PAPER


def beside(table):
    for cell in nm.paper.cells(table):
        what = cell.column.removeprefix("million_").replace("_", "-")
        print(f"{cell.row:19} {what:10} {cell.printed:>4} million", end=", ")
        print(f"ours {cell.ours / 1e6:8.4f}   {cell.verdict}")


beside(PAPER[5])

# %% [markdown] lang="en"
# The verdict `equal` means that our number, rounded to the digits of the paper, is the printed one. All eight numbers are equal.

# %% [markdown] lang="ko" of="7cf86fcb"
# 줄 끝의 단어는 두 값을 비교한 **판정**(verdict)입니다. `equal`은 **일치**, 즉 우리가 구한 값을 논문의 자릿수로 반올림하면 논문에 실린 값과 같다는 뜻입니다. 여덟 개가 모두 일치합니다.

# %% [markdown] lang="en"
# ## How much does ρ save?
#
# In code we do not give $\rho$. We choose the side of the image, the **resolution**, and $\rho$ is this side divided by 224. If every feature map has exactly $\rho$ times the side that it has at 224, all mult-adds fall by the factor $\rho^2$.
#
# But the side of a feature map is a whole number. Here is the output side of the five layers of stride 2 at 224, and $\rho$ times this side for resolution 100:
#
# | layer of stride 2 | first | second | third | fourth | fifth |
# |---|---|---|---|---|---|
# | output side at 224 | 112 | 56 | 28 | 14 | 7 |
# | 100 / 224 times this side | 50 | 25 | 12.5 | 6.25 | 3.125 |
#
# Lesson 3 showed what happens to an odd side: TensorFlow and PyTorch round up, the depthwise layers of MobileNet in Keras round down.
#
# **Predict first.** Which sides do the last three of these layers have at 100, by each of the two rules? Does the network then make more or fewer mult-adds than $\rho^2$ times those at 224?

# %% [markdown] lang="ko" of="b356b83d"
# ## ρ의 효과
#
# $\rho$를 줄이면 연산량이 얼마나 줄어들까요? 코드에는 $\rho$를 직접 쓰지 않습니다. 이미지의 한 변의 길이, 즉 **해상도**(resolution)를 정하면 그것을 224로 나눈 값이 $\rho$입니다. 모든 특징 맵에서 한 변의 길이가 해상도 224일 때의 정확히 $\rho$배라면, 곱셈-누산은 모두 $\rho^2$배가 됩니다.
#
# 그런데 특징 맵의 한 변의 길이는 자연수여야 합니다. 스트라이드가 2인 층 다섯 개를 봅시다. 표의 첫 행은 해상도가 224일 때 출력의 한 변의 길이이고, 두 번째 행은 그것에 $100 / 224$를 곱한 값입니다.
#
# | 스트라이드가 2인 층 | 첫 번째 | 두 번째 | 세 번째 | 네 번째 | 다섯 번째 |
# |---|---|---|---|---|---|
# | 해상도가 224일 때 | 112 | 56 | 28 | 14 | 7 |
# | 100 / 224를 곱하면 | 50 | 25 | 12.5 | 6.25 | 3.125 |
#
# 한 변의 길이가 홀수일 때 어떻게 되는지는 3강에서 배웠습니다. TensorFlow와 PyTorch에서는 올림을 하고, Keras의 MobileNet에서는 깊이별 층이 버림을 합니다.
#
# **먼저 예상해 보세요.** 해상도가 100일 때 마지막 세 층의 출력은 한 변의 길이가 얼마일까요? 두 규칙으로 각각 구해 보세요. 그러면 네트워크의 곱셈-누산은 해상도가 224일 때의 $\rho^2$배보다 많을까요, 적을까요?

# %% jupyter={"outputs_hidden": true}
for resolution in (224, 160, 100):
    for padding in ("same", "keras"):
        layers = nm.mobilenet(1.0, resolution, padding=padding)
        print(resolution, f"{padding:5}", [layer.D_G for layer in layers if layer.stride == 2])

# %% [markdown] lang="en"
# At 160 both rules give 80, 40, 20, 10, 5, exactly $160 / 224$ times the sides at 224. At 100, 12.5 becomes 13 or 12, and the last feature maps have the side 4 or 3 instead of 3.125.
#
# We compare the mult-adds. The classifier does not depend on the resolution, because it comes after the pool. So we take all other layers, the **body** of the network.

# %% [markdown] lang="ko" of="756f0446"
# 해상도 160에서는 두 규칙 모두 80, 40, 20, 10, 5이고, 정확히 해상도가 224일 때의 $160 / 224$배입니다. 해상도 100에서는 12.5가 13이나 12가 되고, 마지막 특징 맵은 한 변의 길이가 3.125가 아니라 4나 3입니다.
#
# 곱셈-누산 횟수를 비교해 봅시다. 분류기는 풀링 다음에 있어서 해상도의 영향을 받지 않습니다. 그래서 분류기를 뺀 나머지 층, 즉 네트워크의 **백본**(body)만 계산합니다.


# %%
def body(resolution, padding="same"):
    layers = nm.mobilenet(1.0, resolution, padding=padding)
    return sum(nm.cost.mult_adds(layer) for layer in layers if layer.name != "fc")


# %%
for resolution in (192, 160, 128, 100):
    same, keras = (Fraction(body(resolution, padding), body(224)) for padding in ("same", "keras"))
    square = Fraction(resolution, 224) ** 2
    print(f"{resolution}: same {float(same):.4f}, keras {float(keras):.4f}, rho squared {float(square):.4f}")
    assert (same == keras == square) == (resolution % 32 == 0), "exact only if 32 divides the resolution"
print(f"at 100, divided by rho squared: same {float(same / square):.2f}, keras {float(keras / square):.2f}")

# %% [markdown] lang="en"
# At 192, 160 and 128 the three fractions are exactly equal. At 100 the law says 0.1993. With TensorFlow's rule, and also with PyTorch's, the body makes 0.2447 of the mult-adds at 224, which is 1.23 times as much. With the rule of Keras it makes 0.1870, which is 0.94 times as much.
#
# So "the cost falls by $\rho^2$" is exact only if the resolution is divisible by $2^5 = 32$. At other resolutions the cost depends on the framework.
#
# **Predict first.** We let the resolution grow from 96 to 256, one pixel at a time. Between 96 and 128, where does the cost jump most: just after 96, or just before 128? Think of both rules. (`conv1` rounds up in both.)

# %% [markdown] lang="ko" of="ed1d6a35"
# 192, 160, 128에서는 세 분수가 정확히 같습니다. 해상도 100에서는 $\rho^2$이 0.1993입니다. 그런데 TensorFlow의 규칙으로 계산하면(PyTorch도 같습니다) 백본의 곱셈-누산은 해상도가 224일 때의 0.2447배이고, 이것은 $\rho^2$의 1.23배입니다. Keras의 규칙으로 계산하면 0.1870배이고, 이것은 $\rho^2$의 0.94배입니다.
#
# 그러므로 "연산량이 $\rho^2$배가 된다"는 말은 해상도가 $2^5 = 32$로 나누어떨어질 때만 정확합니다. 다른 해상도에서는 연산량이 프레임워크에 따라 달라집니다.
#
# **먼저 예상해 보세요.** 해상도를 96부터 256까지 한 픽셀씩 늘려 봅니다. 96과 128 사이에서 연산량이 가장 크게 뛰는 곳은 96 바로 다음일까요, 128 바로 앞일까요? 두 규칙을 모두 생각해 보세요. (`conv1`은 두 규칙에서 모두 올림합니다.)

# %% jupyter={"outputs_hidden": true}
resolutions = range(96, 257)
same, keras = ({side: body(side, padding) for side in resolutions} for padding in ("same", "keras"))
for before, after in ((96, 97), (126, 127)):
    print(f"{before} -> {after}: same {same[after] / same[before]:.2f} times", end=", ")
    print(f"keras {keras[after] / keras[before]:.2f} times")
nm.plots.by_resolution({"same": same, "keras": keras})

# %% [markdown] lang="en"
# Both costs are staircases that touch the curve of $\rho^2$ at the multiples of 32. With `"same"` the largest steps come directly *after* a multiple of 32: from 96 to 97 all five layers round up, and one more pixel makes the body 1.33 times as expensive. In Keras the largest steps come directly *before* a multiple of 32: from 126 to 127 the output of `conv1` grows from 63 to 64, and then all following layers are as large as at 128.

# %% [markdown] lang="ko" of="93661e1f"
# 연산량은 두 규칙 모두 계단 모양이고, 32의 배수에서 $\rho^2$ 곡선과 만납니다. `"same"`에서는 32의 배수 바로 **다음**에 가장 크게 뜁니다. 해상도가 96에서 97이 되면 다섯 층 모두에서 올림을 하므로, 한 픽셀 차이로 백본의 연산량이 1.33배가 됩니다. Keras에서는 32의 배수 바로 **앞**에서 가장 크게 뜁니다. 126에서 127이 되면 `conv1`의 출력이 63에서 64가 되고, 그 뒤의 층은 모두 해상도가 128일 때와 크기가 같아지기 때문입니다.

# %%
square = {side: Fraction(side, 224) ** 2 * body(224) for side in resolutions}
print("same below the curve:", [side for side in resolutions if same[side] < square[side]])
print("keras above the curve:", [side for side in resolutions if keras[side] > square[side]])
assert all(body(side, "symmetric") == same[side] for side in resolutions), "PyTorch rounds up too"

# %% [markdown] lang="en"
# In this range, the cost with `"same"` is never below the curve, and PyTorch's padding `"symmetric"` gives the same costs. In Keras the cost is above the curve only one pixel before a multiple of 32. If you can choose the resolution, take a multiple of 32: then all frameworks compute the same sizes, and the law is exact.

# %% [markdown] lang="ko" of="45702ee9"
# 이 범위에서 `"same"`의 연산량은 곡선보다 적은 경우가 없고, PyTorch의 패딩 `"symmetric"`도 연산량이 똑같습니다. Keras의 연산량이 곡선보다 많은 경우는 32의 배수보다 한 픽셀 작을 때뿐입니다. 해상도를 고를 수 있다면 32의 배수로 정하세요. 모든 프레임워크에서 크기가 같고, 식도 정확히 성립합니다.

# %% [markdown] lang="en"
# ### Table 7, and what ρ does not change
#
# The paper uses the resolutions 224, 192, 160 and 128. All are multiples of 32. Its Table 7 prints their costs:
#
# **Predict first.** Which of the eight numbers below does not round to the printed one? And what happens to the parameters?

# %% [markdown] lang="ko" of="25817e63"
# ### 논문의 표 7, 그리고 ρ와 관계없는 것
#
# 논문에서는 해상도 224, 192, 160, 128을 사용합니다. 모두 32의 배수입니다. 해상도마다 연산량이 얼마인지는 논문의 표 7에 실려 있습니다.
#
# **먼저 예상해 보세요.** 우리가 구한 여덟 개의 값 가운데 반올림해도 논문에 실린 값과 다른 것이 하나 있습니다. 어느 것일까요? 그리고 해상도가 줄면 매개변수 수는 어떻게 될까요?

# %% jupyter={"outputs_hidden": true}
beside(PAPER[6])

# %% [markdown] lang="en"
# The verdict `cut off` means that the paper dropped the digits instead of rounding: 290.6752 should be printed as 291. The parameters stay 4.2 million in all rows, because no kernel depends on the side of the image.
#
# The classifier stays the same too. So for the *total*, $\rho^2$ is not quite exact even at 160:

# %% [markdown] lang="ko" of="2e53f7ec"
# 판정 `cut off`는 **버림**, 즉 논문에 실린 값이 반올림한 값이 아니라 버림한 값이라는 뜻입니다. 290.6752를 반올림하면 291입니다. 매개변수 수는 모든 행에서 4.2 million(420만)으로 같습니다. 커널의 크기는 이미지의 크기와 관계가 없기 때문입니다.
#
# 분류기도 그대로입니다. 그래서 **합계**는 해상도 160에서도 정확히 $\rho^2$배가 아닙니다.

# %%
classifier = full["fully_connected"].mult_adds
print(f"total at 160: {total(1.0, 160) / total():.4f} of all, rho squared {(160 / 224) ** 2:.4f}")
assert total(1.0, 160) == body(160) + classifier, "the classifier costs the same at every resolution"

# %% [markdown] lang="en"
# ## Which networks were published?
#
# The paper combines four values of $\alpha$ with four resolutions, which gives 16 networks. The name 0.25-128 means $\alpha = 0.25$ at resolution 128. This is the smallest one, and we run it, so that its count does not come from a formula only:

# %% [markdown] lang="ko" of="4c2a190f"
# ## 공개된 네트워크 16개
#
# 어떤 네트워크가 공개되어 있을까요? 논문에서는 $\alpha$ 네 가지와 해상도 네 가지를 조합해서 네트워크 16개를 만들었습니다. 이름을 0.25-128이라고 쓰면 $\alpha = 0.25$, 해상도 128이라는 뜻입니다. 가장 작은 네트워크인 0.25-128을 실행해서, 식으로 구한 횟수가 맞는지 확인해 봅시다.

# %%
smallest = nm.random_model(alpha=0.25, resolution=128)
steps = smallest.forward(np.zeros((1, 128, 128, 3), dtype=np.float32))
counted = sum(step.mult_adds for step in steps)
print(f"executed: {counted:,} mult-adds, {total() / counted:.0f} times fewer than 1.0-224")
assert counted == total(0.25, 128), "did you run it at 128?"

# %%
points = nm.paper.accuracies()
nm.plots.grid(points)

# %% [markdown] lang="en"
# Top left is the full network, and bottom right is the smallest, which makes 42 times fewer mult-adds. Some networks cost about the same: 1.0-128, 0.75-160 and 0.5-224 make between 149 and 187 million. Which of them is the best? For this we need their accuracies.

# %% [markdown] lang="ko" of="34e80d5f"
# 왼쪽 위가 원래 네트워크입니다. 오른쪽 아래는 가장 작은 네트워크이고, 곱셈-누산이 원래의 42분의 1입니다. 연산량이 비슷한 것들도 있습니다. 1.0-128, 0.75-160, 0.5-224의 곱셈-누산은 모두 1억 4,900만~1억 8,700만 번입니다. 이 가운데 어느 것이 가장 좋을까요? 정확도를 알아야 합니다.

# %% [markdown] lang="en"
# ## How much accuracy does each network lose?
#
# **Top-1 accuracy** is the share of test images for which the class with the highest probability is the right one. For these networks there are two sources, and they must not be mixed:
#
# - The *tables of the paper* print the accuracy of 8 of the 16 networks. For 1.0-224 they print 70.6 %.
# - The authors later *released* weights for all 16, with their accuracies. For 1.0-224 that is 70.9 %.
#
# The figure has the mult-adds on a **logarithmic axis**: each halving has the same width. The filled points are from the tables of the paper. The hollow points are the other 8 networks, with the accuracy of the released weights.
#
# **Predict first.** If each halving of the cost lost the same number of percentage points, what shape would the points have?

# %% [markdown] lang="ko" of="57231c0f"
# ## 정확도의 차이
#
# 정확도는 얼마나 떨어질까요? **top-1 정확도**는 확률이 가장 높은 클래스가 정답인 테스트 이미지의 비율입니다. 이 네트워크들의 정확도는 출처가 두 가지이고, 섞어 쓰면 안 됩니다.
#
# - **논문의 표**에는 16개 가운데 8개의 정확도가 실려 있습니다. 1.0-224는 70.6%입니다.
# - 저자들은 나중에 16개 모두의 가중치를 정확도와 함께 **공개**했습니다. 여기서는 1.0-224가 70.9%입니다.
#
# 아래 그림의 가로축은 곱셈-누산 횟수이고, **로그 눈금**으로 그렸습니다. 횟수가 절반이 될 때마다 같은 간격만큼 왼쪽으로 갑니다. 속이 찬 점은 논문의 표에 실린 정확도입니다. 속이 빈 점은 나머지 네트워크 8개이고, 공개된 가중치의 정확도입니다.
#
# **먼저 예상해 보세요.** 연산량이 절반이 될 때마다 정확도가 언제나 똑같은 %p만큼 떨어진다면 점들은 어떤 모양이 될까요?

# %% jupyter={"outputs_hidden": true}
nm.plots.accuracy(points)

# %% [markdown] lang="en"
# It would be a straight line. The points with $\alpha$ of 1.0, 0.75 and 0.5 are close to one. At $\alpha = 0.25$ the accuracy falls faster. How many percentage points does one halving lose? We use only accuracies from the tables of the paper:

# %% [markdown] lang="ko" of="bb4b2853"
# 직선이 됩니다. $\alpha$가 1.0, 0.75, 0.5인 점들은 거의 직선을 이룹니다. $\alpha = 0.25$에서는 정확도가 더 빨리 떨어집니다. 연산량이 절반이 될 때마다 몇 %p씩 떨어질까요? 논문의 표에 실린 정확도만 사용해서 계산해 봅시다.

# %%
in_paper = {(point.alpha, point.resolution): point for point in points if point.printed}
for start, end in (((1.0, 224), (1.0, 128)), ((1.0, 224), (0.5, 224)), ((0.5, 224), (0.25, 224))):
    a, b = in_paper[start], in_paper[end]
    lost, halvings = a.printed - b.printed, math.log2(a.mult_adds / b.mult_adds)
    print(f"{start} to {end}: {lost:4.1f} points in {halvings:.2f} halvings", end=", ")
    print(f"{lost / halvings:.1f} per halving")

# %% [markdown] lang="en"
# Whether we use $\rho$ (first line) or $\alpha$ (second line), one halving of the mult-adds loses a little less than 4 percentage points. From $\alpha = 0.5$ to 0.25 it loses 7. The paper describes this drop, too: the network becomes too small.
#
# The other cost is the number of parameters, which decides how large the file of the network is:

# %% [markdown] lang="ko" of="8c252f64"
# $\rho$를 줄이든(첫 번째 줄) $\alpha$를 줄이든(두 번째 줄), 곱셈-누산이 절반이 될 때마다 정확도는 4%p에 조금 못 미치게 떨어집니다. $\alpha$를 0.5에서 0.25로 줄일 때는 7%p씩 떨어집니다. 논문에도 네트워크가 너무 작아지면 정확도가 급격히 떨어진다고 되어 있습니다.
#
# 연산량 말고 매개변수 수도 보아야 합니다. 네트워크를 저장한 파일의 크기는 매개변수 수로 정해지기 때문입니다.

# %%
nm.plots.accuracy(points, cost="parameters")

# %% [markdown] lang="en"
# The 16 points lie on four vertical lines. A smaller resolution loses accuracy and does not save a single parameter. If the file must become smaller, only $\alpha$ helps.

# %% [markdown] lang="ko" of="104e6cc5"
# 16개의 점이 세로선 네 개 위에 있습니다. 해상도를 줄이면 정확도는 떨어지지만 매개변수는 하나도 줄지 않습니다. 파일을 줄여야 한다면 $\alpha$를 줄여야 합니다.

# %% [markdown] lang="en"
# ## How much memory does the network need while it runs?
#
# There is a third cost. While a layer runs, its input and its output must be in memory at the same time. For one image these are
#
# $$D_F \cdot D_F \cdot M + D_G \cdot D_G \cdot N$$
#
# values. When the next layer has read a feature map, its memory can be used again. So the network needs as much memory as the layer that needs the most: this is its **peak memory**. On small devices networks often run in 8-bit integers, and then one value takes one byte.
#
# By hand, for 1.0-224: `conv1` reads $224 \cdot 224 \cdot 3 = 150{,}528$ values and makes $112 \cdot 112 \cdot 32 = 401{,}408$. Together these are 551,936 bytes, or 539 KiB (1 KiB = 1,024 bytes).
#
# **Predict first.** Which layer needs the most memory, and how much? By which factor does the peak memory fall at $\alpha = 0.5$, and by which factor at $\rho = 0.5$?

# %% [markdown] lang="ko" of="dafaa6b3"
# ## 실행에 필요한 메모리
#
# 연산량, 매개변수 수에 이어 세 번째로 볼 것은 메모리 사용량입니다. 네트워크를 실행하려면 메모리가 얼마나 필요할까요? 한 층을 계산하는 동안에는 그 층의 입력과 출력이 모두 메모리에 있어야 합니다. 이미지 한 장에 필요한 원소의 개수는 다음과 같습니다.
#
# $$D_F \cdot D_F \cdot M + D_G \cdot D_G \cdot N$$
#
# 특징 맵을 다음 층의 입력으로 쓰고 나면 그 메모리는 다시 쓸 수 있습니다. 그래서 네트워크 전체에 필요한 메모리는 메모리를 가장 많이 쓰는 층에서 정해집니다. 이것을 **최대 메모리 사용량**(peak memory)이라고 합니다. 작은 기기에서는 네트워크를 8비트 정수로 실행하는 경우가 많고, 그러면 원소 하나가 1바이트입니다.
#
# 1.0-224를 손으로 계산해 봅시다. `conv1`의 입력은 $224 \cdot 224 \cdot 3 = 150{,}528$개, 출력은 $112 \cdot 112 \cdot 32 = 401{,}408$개입니다. 합하면 551,936바이트, 즉 539KiB입니다(1KiB = 1,024바이트).
#
# **먼저 예상해 보세요.** 메모리를 가장 많이 쓰는 층은 어느 것이고, 얼마나 쓸까요? $\alpha = 0.5$이면 최대 메모리 사용량은 몇 배가 될까요? $\rho = 0.5$이면 어떨까요?

# %% jupyter={"outputs_hidden": true}
layers = nm.mobilenet()
needed = {layer.name: layer.D_F**2 * layer.M + layer.D_G**2 * layer.N for layer in layers}
largest = max(needed, key=needed.get)
print(f"conv1 {needed['conv1']:,} bytes, the most: {largest} with {needed[largest]:,} bytes")
for alpha, resolution in ((1.0, 224), (0.5, 224), (1.0, 112)):
    peak = nm.cost.peak_memory(nm.mobilenet(alpha, resolution), bytes_per_value=1)
    print(f"{alpha}-{resolution}: {peak / 1024:5.0f} KiB, {peak / needed[largest]:g} of 1.0-224")
assert needed[largest] == nm.cost.peak_memory(layers, bytes_per_value=1) == 112 * 112 * (32 + 64)

# %% [markdown] lang="en"
# `conv_pw_1` needs the most: it reads $112 \cdot 112 \cdot 32$ values and makes $112 \cdot 112 \cdot 64$, together 1,204,224 bytes or 1,176 KiB.
# Each term contains the channels once and the side twice. So the peak memory falls with $\alpha$ to one half, and with $\rho^2$ to one quarter.
#
# The cost table has the same numbers for float32, where one value takes 4 bytes. They are in the column `in+out MB`, and the peak is $4 \cdot 1{,}204{,}224 = 4{,}816{,}896$ bytes, or 4.817 MB (1 MB is 1,000,000 bytes):

# %% [markdown] lang="ko" of="ccf485b3"
# `conv_pw_1`이 가장 많이 씁니다. 입력이 $112 \cdot 112 \cdot 32$개, 출력이 $112 \cdot 112 \cdot 64$개이므로 모두 1,204,224바이트, 즉 1,176KiB입니다.
# 두 항 모두 채널 수는 한 번, 한 변의 길이는 두 번 나옵니다. 그래서 $\alpha = 0.5$이면 최대 메모리 사용량이 $\alpha$배, 즉 절반이 되고, $\rho = 0.5$이면 $\rho^2$배, 즉 4분의 1이 됩니다.
#
# 연산량 표(cost table)에도 이 값이 있습니다. 다만 원소 하나가 4바이트인 float32로 계산한 값입니다. `in+out MB` 열을 보면 최댓값이 $4 \cdot 1{,}204{,}224 = 4{,}816{,}896$바이트, 즉 4.817MB입니다(1MB = 1,000,000바이트). 표의 열 이름은 다음과 같은 뜻입니다.
#
# | 열 | 뜻 |
# |---|---|
# | layer | 층의 이름 |
# | kernel/stride | 커널의 형상과 스트라이드 |
# | out | 출력의 형상 |
# | mult-adds, % | 곱셈-누산 횟수, 네트워크 전체에서 차지하는 비중 |
# | params | 매개변수 수 |
# | in+out MB | 입력과 출력의 메모리(MB) |
# | total | 합계(메모리는 최댓값) |

# %%
print(nm.cost.as_text(nm.cost.table(nm.mobilenet())[:3]))

# %% [markdown] lang="en"
# Now we can say by which factor each cost falls:
#
# | | with α | with ρ |
# |---|---|---|
# | mult-adds | α² for the pointwise layers, α for the rest | ρ² (at multiples of 32, without the classifier) |
# | parameters | α² for the pointwise layers, α for the rest | no change |
# | peak memory | α | ρ² |
#
# **Predict first.** You want to halve the peak memory of 1.0-224. With $\alpha = 0.5$ this gives 0.5-224, with $\rho = 160 / 224$ it gives 1.0-160. Which of the two has the higher accuracy?

# %% [markdown] lang="ko" of="e1d1c4d8"
# 이제 어느 승수가 무엇을 줄이는지 정리할 수 있습니다.
#
# | | α | ρ |
# |---|---|---|
# | 곱셈-누산 횟수 | 점별 층은 α²배, 나머지는 α배 | ρ²배(32의 배수일 때, 분류기 제외) |
# | 매개변수 수 | 점별 층은 α²배, 나머지는 α배 | 그대로 |
# | 최대 메모리 사용량 | α배 | ρ²배 |
#
# **먼저 예상해 보세요.** 1.0-224의 최대 메모리 사용량을 절반으로 줄이려고 합니다. $\alpha = 0.5$로 줄이면 0.5-224, $\rho = 160 / 224$로 줄이면 1.0-160이 됩니다. 둘 가운데 어느 것의 정확도가 더 높을까요?

# %% jupyter={"outputs_hidden": true}
for name in ((1.0, 224), (0.5, 224), (1.0, 160)):
    peak = nm.cost.peak_memory(nm.mobilenet(*name), bytes_per_value=1) / 1024
    point = in_paper[name]
    print(f"{name}: {peak:5.0f} KiB, {point.mult_adds / 1e6:5.1f} million mult-adds, {point.printed} %")

# %% [markdown] lang="en"
# Both need about half of the memory, 588 and 600 KiB. But 1.0-160 has 67.2 % and 0.5-224 only 63.7 % (both from the paper). So to save memory, $\rho$ is the better choice. In return for its lower accuracy, 0.5-224 also makes half as many mult-adds as 1.0-160 and has fewer parameters.

# %% [markdown] lang="ko" of="b97ff4da"
# 두 네트워크의 최대 메모리 사용량은 588KiB와 600KiB로 모두 절반쯤입니다. 그런데 정확도는 1.0-160이 67.2%, 0.5-224가 63.7%입니다(둘 다 논문의 값). 메모리 사용량을 줄이려면 $\rho$를 줄이는 것이 낫습니다. 0.5-224는 정확도가 낮은 대신 곱셈-누산이 1.0-160의 절반쯤이고 매개변수도 더 적습니다.

# %% [markdown] lang="en"
# ## Which network do you choose?
#
# First case: a phone may spend 100 million mult-adds on one image. To compare all 16 networks we need one source for all, so from here on we use the accuracies of the released weights.
#
# **Predict first.** Which network do you choose? Use the grid of mult-adds and the figure of accuracies.

# %% [markdown] lang="ko" of="caef3ea2"
# ## 네트워크의 선택
#
# 제한이 정해져 있을 때 어느 네트워크를 고르면 될까요? 첫 번째 경우입니다. 휴대전화에서 이미지 한 장에 곱셈-누산을 1억 번까지 할 수 있습니다. 16개를 모두 비교하려면 출처가 같아야 하므로, 지금부터는 공개된 가중치의 정확도(코드의 released)를 사용합니다.
#
# **먼저 예상해 보세요.** 어느 네트워크를 고르겠습니까? 앞에서 본 곱셈-누산 횟수의 격자 그림과 정확도 그림을 보고 답하세요.

# %% jupyter={"outputs_hidden": true}
fitting = [point for point in points if point.mult_adds <= 100_000_000]
best = max(fitting, key=lambda point: point.released)
print(f"{len(fitting)} networks fit; the most accurate is {best.alpha}-{best.resolution}", end=": ")
print(f"{best.mult_adds / 1e6:.1f} million mult-adds, {best.released} %")
for p in points:
    if 100_000_000 < p.mult_adds < 111_000_000:
        print(f"just above: {p.alpha}-{p.resolution}, {p.mult_adds / 1e6:.1f} million, {p.released} %")

# %% [markdown] lang="en"
# It is 0.5-160 with 76.5 million mult-adds and 59.1 %. Almost a quarter of the limit is not used. Two other networks make only 7 and 10 % more mult-adds than allowed, and they are more accurate by about 3 percentage points. So ask where the limit comes from before you decide. If it stands for a time, the time should be measured: mult-adds are not milliseconds (lesson 6).
#
# Second case: a microcontroller has 512 KiB for the parameters and 256 KiB for the feature maps. Each parameter and each value takes one byte.
#
# **Predict first.** Which of the 16 networks fit the first limit? Which of these fit the second?

# %% [markdown] lang="ko" of="0d5f8333"
# 0.5-160입니다. 곱셈-누산은 7,650만 번, 정확도는 59.1%입니다. 그런데 제한의 4분의 1 가까이가 남습니다. 곱셈-누산이 제한보다 7%와 10% 많을 뿐인데 정확도가 3%p쯤 더 높은 네트워크가 두 개 있습니다. 그러므로 결정하기 전에 이 제한을 왜 정했는지 확인해야 합니다. 실행 시간 때문이라면 시간을 직접 측정해야 합니다. 곱셈-누산 횟수와 실행 시간은 다르기 때문입니다(6강).
#
# 두 번째 경우입니다. 마이크로컨트롤러에 매개변수를 저장할 메모리가 512KiB, 특징 맵을 저장할 메모리가 256KiB 있습니다. 매개변수도 특징 맵의 원소도 하나에 1바이트입니다.
#
# **먼저 예상해 보세요.** 16개 가운데 첫 번째 제한에 맞는 네트워크는 어느 것일까요? 그 가운데 두 번째 제한에도 맞는 것은 어느 것일까요?

# %% jupyter={"outputs_hidden": true}
for point in points:
    if point.resolution == 224:  # the parameters are the same at all resolutions
        print(f"alpha {point.alpha:4}: {point.parameters / 1024:5,.0f} KiB of parameters")
for point in points:
    if point.parameters <= 512 * 1024:
        peak = nm.cost.peak_memory(nm.mobilenet(point.alpha, point.resolution), bytes_per_value=1)
        fits = "fits" if peak <= 256 * 1024 else "does not fit"
        print(f"{point.alpha}-{point.resolution}: {peak / 1024:.0f} KiB, {point.released} %, {fits}")

# %% [markdown] lang="en"
# Only $\alpha = 0.25$ fits the first limit. Of its four networks, 0.25-224 needs too much memory while it runs. The most accurate one that fits both limits is 0.25-192 with 47.7 %.
#
# Should we consider all 16 networks? If the mult-adds are the only limit, we never need a network for which another one is both cheaper and more accurate. Are there such networks?

# %% [markdown] lang="ko" of="5dee402e"
# 첫 번째 제한에는 $\alpha = 0.25$만 맞습니다. 그 네 개 가운데 0.25-224는 실행할 때 메모리를 너무 많이 씁니다. 두 제한에 모두 맞으면서 가장 정확한 것은 0.25-192이고, 47.7%입니다.
#
# 16개를 모두 고려해야 할까요? 제한이 곱셈-누산 횟수뿐이라고 합시다. 네트워크 A보다 연산량이 적으면서 정확도도 높은 네트워크 B가 있다면, A는 고를 필요가 없습니다. 16개 가운데 A와 같은 네트워크가 있을까요?


# %%
def describe(point):
    name, millions = f"{point.alpha}-{point.resolution}", point.mult_adds / 1e6
    return f"{name} ({millions:.1f} million, {point.released} %)"


for point in points:
    for other in points:
        if other.mult_adds < point.mult_adds and other.released > point.released:
            print(describe(other), "is cheaper and more accurate than", describe(point))

# %%
differences = [point.released - point.printed for point in in_paper.values()]
for alpha, resolution in ((1.0, 128), (0.75, 160)):
    peak = nm.cost.peak_memory(nm.mobilenet(alpha, resolution), bytes_per_value=1)
    print(f"{alpha}-{resolution}: peak memory {peak / 1024:.0f} KiB")
print(f"released minus paper: from {min(differences):+.1f} to {max(differences):+.1f} percentage points")

# %% [markdown] lang="en"
# There are two: 1.0-128 and 0.5-192. So of the three networks with similar costs, 1.0-128, 0.75-160 and 0.5-224, we would take 0.75-160. But the differences in accuracy are only 0.1 and 0.4 percentage points. The last line shows that the accuracy of one and the same network, trained again by its authors, changed by up to 1.1 percentage points. And with another limit the order can change: 1.0-128 needs a peak memory of 384 KiB, and 0.75-160 needs 450 KiB.

# %% [markdown] lang="ko" of="70b7dc01"
# 1.0-128과 0.5-192, 두 개가 있습니다. 따라서 연산량이 비슷했던 1.0-128, 0.75-160, 0.5-224 가운데서는 0.75-160을 고르면 됩니다. 하지만 정확도 차이는 0.1%p와 0.4%p뿐입니다. 마지막 줄을 보면, 저자들이 같은 네트워크를 다시 학습했을 때 정확도가 최대 1.1%p 달라졌습니다. 그리고 다른 제한으로 비교하면 순서가 바뀔 수 있습니다. 최대 메모리 사용량은 1.0-128이 384KiB, 0.75-160이 450KiB입니다.

# %% [markdown] lang="en"
# ## Try it: any α and any resolution
#
# Type an $\alpha$ and a resolution, or choose a published network. Find the steps of the staircase: compare 96 and 97.
#
# **Predict first.** For which of the four published $\alpha$ does the classifier hold more than half of the parameters?

# %% [markdown] lang="ko" of="c96652cf"
# ## α와 해상도의 실험
#
# 다음 셀을 실행하고 $\alpha$와 해상도를 직접 입력하거나 공개된 네트워크를 골라 보세요. 연산량이 계단처럼 뛰는 곳도 찾아보세요. 먼저 96과 97을 비교해 보면 됩니다.
#
# **먼저 예상해 보세요.** 공개된 네 가지 $\alpha$ 가운데 분류기에 매개변수의 절반 이상이 있는 것은 어느 것일까요?

# %%
nm.interactive.explorer()

# %% jupyter={"outputs_hidden": true}
for alpha in (1.0, 0.75, 0.5, 0.25):
    fc = nm.cost.by_kind(nm.mobilenet(alpha))["fully_connected"]
    print(f"alpha {alpha:4}: the classifier holds {float(fc.parameter_share):.1%} of the parameters")

# %% [markdown] lang="en"
# Only for 0.25. The pointwise layers shrink with $\alpha^2$, but the classifier only with $\alpha$.

# %% [markdown] lang="ko" of="99129c23"
# 0.25뿐입니다. 점별 층은 $\alpha^2$배로 줄어들지만 분류기는 $\alpha$배로만 줄어들기 때문입니다.

# %% [markdown] lang="en"
# ## Summary
#
# - $\alpha$ makes all layers thinner. The pointwise layers fall with $\alpha^2$, all others with $\alpha$, in mult-adds and in parameters. The law is exact if $\alpha$ times each number of channels is a whole number.
# - $\rho$ makes all feature maps smaller. The mult-adds of the body fall exactly with $\rho^2$ if 32 divides the resolution. Otherwise TensorFlow and PyTorch round up and cost more, and Keras rounds down and mostly costs less.
# - Peak memory falls with $\alpha$ and with $\rho^2$. The number of parameters does not depend on $\rho$.
# - Halving the mult-adds loses about 4 percentage points, and about 7 at $\alpha = 0.25$.
# - An accuracy needs its source: 1.0-224 has 70.6 % in the paper and 70.9 % with the released weights.

# %% [markdown] lang="ko" of="26e11b0d"
# ## 정리
#
# - $\alpha$를 줄이면 모든 층이 얇아집니다. 곱셈-누산 횟수와 매개변수 수는 점별 층에서 $\alpha^2$배, 나머지 층에서 $\alpha$배가 됩니다. $\alpha$를 곱한 채널 수가 모두 자연수이면 이 식은 정확합니다.
# - $\rho$를 줄이면 모든 특징 맵이 작아집니다. 해상도가 32의 배수이면 백본의 곱셈-누산은 정확히 $\rho^2$배입니다. 그렇지 않으면 TensorFlow와 PyTorch에서는 올림을 해서 더 많고, Keras에서는 버림을 해서 대개 더 적습니다.
# - 최대 메모리 사용량은 $\alpha$를 줄이면 $\alpha$배, $\rho$를 줄이면 $\rho^2$배가 됩니다. 매개변수 수는 $\rho$와 관계가 없습니다.
# - 곱셈-누산이 절반이 될 때마다 정확도가 약 4%p 떨어집니다. $\alpha$를 0.25까지 줄일 때는 약 7%p씩 떨어집니다.
# - 정확도를 말할 때는 출처를 밝혀야 합니다. 1.0-224의 정확도는 논문에서 70.6%, 공개된 가중치로 70.9%입니다.

# %% [markdown] lang="en"
# ## Exercises
#
# **1.** By hand: $D_K = 3$, $M = N = 100$, $D_F = 10$, stride 1. How many mult-adds do the depthwise and the pointwise step make, and how many with $\alpha = 0.5$? By which factor do both together fall? How many values must be in memory while the pointwise step runs, with $\alpha = 1$ and with $\alpha = 0.5$?
#
# <details><summary>Answer 1</summary>
#
# Depthwise: $9 \cdot 100 \cdot 100 = 90{,}000$. Pointwise: $100 \cdot 100 \cdot 100 = 1{,}000{,}000$. With $\alpha = 0.5$: 45,000 and 250,000. Together they fall to $\frac{295}{1090} = 0.27$, not to 0.25.
# In memory: $100 \cdot 100 + 100 \cdot 100 = 20{,}000$ values, and 10,000 with $\alpha = 0.5$.
#
# </details>
#
# **2.** The file of the network may have one million parameters. There is no limit on the mult-adds. Which of the 16 networks do you choose?
#
# <details><summary>Answer 2</summary>
#
# Only $\alpha = 0.25$ fits (463,600 parameters; $\alpha = 0.5$ has 1,319,648). The resolution does not change the parameters, so take the most accurate: 0.25-224 with 49.8 % (released).
#
# </details>
#
# **3.** Table 5 of the paper asks: thinner, or fewer layers? The network with fewer layers is `nm.mobilenet(blocks=nm.BLOCKS[:6] + nm.BLOCKS[11:])`, and the paper gives 65.3 % for it. For 0.75-224 it gives 68.4 %. Compare mult-adds and parameters. Which network is better?
#
# <details><summary>Answer 3</summary>
#
# Fewer layers: 307,323,392 mult-adds and 2,875,328 parameters. Thinner (0.75-224): 325,400,448 and 2,568,144. The network with fewer layers makes 6 % fewer mult-adds, but it has 12 % more parameters and 3.1 percentage points less accuracy. So thinner is better here.
#
# </details>
#
# **4.** A friend changes the resolution from 224 to 112 and says: "The network makes exactly four times fewer mult-adds, it needs four times less memory while it runs, its file is four times smaller, and it is four times faster." Which of the four statements are right? Compute `body(112)` and `body(112, "keras")`.
#
# <details><summary>Answer 4</summary>
#
# Mult-adds: not exactly, because 112 is not divisible by 32. The body makes 0.2605 of the mult-adds with `"same"` and 0.2409 in Keras, and the classifier stays the same. Memory: right, because `conv_pw_1` has $56 \cdot 56$ instead of $112 \cdot 112$ pixels. File: wrong, it keeps all its parameters. Speed: this must be measured (lesson 6).
#
# </details>

# %% [markdown] lang="ko" of="b10ef155"
# ## 연습 문제
#
# **1.** (손 계산) $D_K = 3$, $M = N = 100$, $D_F = 10$, 스트라이드 1입니다. 깊이별 단계와 점별 단계의 곱셈-누산은 각각 몇 번인가요? $\alpha = 0.5$이면 몇 번인가요? 합계는 몇 배가 되나요? 점별 단계를 계산하는 동안 메모리에 있어야 하는 원소는 $\alpha = 1$일 때와 $\alpha = 0.5$일 때 각각 몇 개인가요?
#
# <details><summary>1번 답</summary>
#
# 깊이별 단계는 $9 \cdot 100 \cdot 100 = 90{,}000$번, 점별 단계는 $100 \cdot 100 \cdot 100 = 1{,}000{,}000$번입니다. $\alpha = 0.5$이면 45,000번과 250,000번입니다. 합계는 0.25배가 아니라 $\frac{295}{1090} = 0.27$배가 됩니다.
# 메모리에는 $100 \cdot 100 + 100 \cdot 100 = 20{,}000$개, $\alpha = 0.5$이면 10,000개가 있어야 합니다.
#
# </details>
#
# **2.** 네트워크를 저장하는 파일에 매개변수를 100만 개까지 넣을 수 있습니다. 곱셈-누산 횟수에는 제한이 없습니다. 16개 가운데 어느 것을 고르겠습니까?
#
# <details><summary>2번 답</summary>
#
# $\alpha = 0.25$만 맞습니다(매개변수 463,600개, $\alpha = 0.5$는 1,319,648개). 해상도는 매개변수 수와 관계가 없으므로 가장 정확한 0.25-224를 고릅니다. 49.8%입니다(공개된 가중치).
#
# </details>
#
# **3.** 논문의 표 5에서는 층을 얇게 하는 것과 층의 수를 줄이는 것을 비교합니다. 층의 수를 줄인 네트워크는 `nm.mobilenet(blocks=nm.BLOCKS[:6] + nm.BLOCKS[11:])`이고 정확도는 논문에서 65.3%입니다. 0.75-224는 68.4%입니다. 곱셈-누산 횟수와 매개변수 수를 비교해 보세요. 어느 것이 더 나은가요?
#
# <details><summary>3번 답</summary>
#
# 층의 수를 줄인 네트워크는 곱셈-누산 307,323,392번에 매개변수 2,875,328개이고, 얇게 한 네트워크(0.75-224)는 325,400,448번에 2,568,144개입니다. 층의 수를 줄인 네트워크는 곱셈-누산이 6% 적지만 매개변수가 12% 많고 정확도가 3.1%p 낮습니다. 그러므로 여기서는 얇게 하는 것이 낫습니다.
#
# </details>
#
# **4.** 한 친구가 해상도를 224에서 112로 바꾸고 이렇게 말합니다. "곱셈-누산이 정확히 4분의 1이 되고, 실행할 때 메모리도 4분의 1, 파일 크기도 4분의 1이 되고, 속도는 4배 빨라진다." 네 가지 가운데 맞는 것은 무엇인가요? `body(112)`와 `body(112, "keras")`를 계산해 보세요.
#
# <details><summary>4번 답</summary>
#
# 곱셈-누산: 112는 32로 나누어떨어지지 않으므로 정확히 4분의 1은 아닙니다. 백본의 곱셈-누산은 `"same"`에서 0.2605배, Keras에서 0.2409배이고, 분류기는 그대로입니다. 메모리: 맞습니다. `conv_pw_1`의 픽셀이 $112 \cdot 112$개에서 $56 \cdot 56$개로 줄어듭니다. 파일: 틀렸습니다. 매개변수는 하나도 줄지 않습니다. 속도: 측정해 보아야 압니다(6강).
#
# </details>

# %% [markdown] lang="en"
# **5.** (Code) Write `my_choice(points, mult_adds, memory)`. It returns the point with the highest `released` accuracy among those that make at most `mult_adds` mult-adds and have at most `memory` bytes of peak memory (one byte per value). If no network fits, it returns `None`.

# %% [markdown] lang="ko" of="87ee99f8"
# **5.** (코딩) 함수 `my_choice(points, mult_adds, memory)`를 작성하세요. 곱셈-누산이 `mult_adds`번 이하이고 최대 메모리 사용량이 `memory`바이트 이하인(원소 하나에 1바이트) 네트워크 가운데 `released` 정확도가 가장 높은 것을 반환합니다. 맞는 네트워크가 없으면 `None`을 반환합니다.


# %%
def my_choice(points, mult_adds, memory):
    raise NotImplementedError("Exercise 5: write my_choice, then run this cell again")


# %%
cases = {(600e6, 2e6): (1.0, 224), (300e6, 600 * 1024): (1.0, 160), (100e6, 256 * 1024): (0.5, 128)}
try:
    for limits, right in cases.items():
        choice = my_choice(points, *limits)
        found = choice and (choice.alpha, choice.resolution)
        assert found == right, f"for the limits {limits} it is {right}, not {found}"
    assert my_choice(points, 10e6, 2e6) is None, "no network makes at most 10 million mult-adds"
    print("Exercise 5 is right.")
except NotImplementedError as todo:
    print(todo)

# %% [markdown] lang="en"
# <details><summary>Answer 5</summary>
#
# ```python
# def my_choice(points, mult_adds, memory):
#     def peak(point):
#         return nm.cost.peak_memory(nm.mobilenet(point.alpha, point.resolution), bytes_per_value=1)
#
#     fitting = [p for p in points if p.mult_adds <= mult_adds and peak(p) <= memory]
#     return max(fitting, key=lambda p: p.released, default=None)
# ```
#
# </details>

# %% [markdown] lang="ko" of="c0403c1d"
# <details><summary>5번 답</summary>
#
# ```python
# def my_choice(points, mult_adds, memory):
#     def peak(point):
#         return nm.cost.peak_memory(nm.mobilenet(point.alpha, point.resolution), bytes_per_value=1)
#
#     fitting = [p for p in points if p.mult_adds <= mult_adds and peak(p) <= memory]
#     return max(fitting, key=lambda p: p.released, default=None)
# ```
#
# </details>
