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
# After this lesson you can
#
# - say what the width multiplier $\alpha$ and the resolution multiplier $\rho$ change, and what each leaves alone;
# - tell an exact law from one that only nearly holds, and name the layers that make the difference;
# - choose, for a budget that you are given, one of the 16 published networks, and defend the choice.
#
# About 25 minutes. You need: lesson 2 (what a depthwise and a pointwise convolution cost). Lesson 3 helps.

# %% [markdown] lang="ko" of="f4f07a7c"
# # 4. 더 얇게, 더 작게
#
# 이 수업을 마치면
#
# - 너비 배수(width multiplier) $\alpha$와 해상도 배수(resolution multiplier) $\rho$가 무엇을 바꾸고 무엇을 그대로 두는지 말할 수 있습니다.
# - 정확히 성립하는 법칙과 거의 성립하는 법칙을 구별하고, 그 차이를 만드는 층을 짚어 낼 수 있습니다.
# - 주어진 예산에 맞는 네트워크를 공개된 16개 가운데서 고르고, 왜 골랐는지 설명할 수 있습니다.
#
# 약 25분. 2강(깊이별 합성곱과 점별 합성곱의 비용)을 알고 있어야 합니다. 3강까지 들었으면 더 좋습니다.

# %%
try:
    import npmobile as nm
except ImportError as error:
    raise ImportError(
        "install npmobile first: pip install . in its folder, or pip install its wheel, npmobile-*.whl"
    ) from error
import math
from fractions import Fraction

import numpy as np

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## Two knobs
#
# A phone has less time and less memory than a server. Must you invent a new network for it? The paper has two knobs instead.
# $\alpha$ makes every layer **thinner**: $\alpha M$ channels in, $\alpha N$ channels out. $\rho$ makes every picture **smaller**: $\rho D_F$ on a side.
# One depthwise separable layer then costs
#
# $$D_K \cdot D_K \cdot \alpha M \cdot \rho D_F \cdot \rho D_F + \alpha M \cdot \alpha N \cdot \rho D_F \cdot \rho D_F \qquad \text{(equation 7 of the paper)}$$
#
# multiply-adds (mult-adds). Count the $\alpha$s and the $\rho$s in each of the two terms.
#
# **Predict first.** Take a layer small enough for paper: $D_K = 3$, $M = N = 4$, $D_F = 4$. What does each half cost? Then with $\alpha = 0.5$? With $\rho = 0.5$? Six numbers.

# %% [markdown] lang="ko" of="87881bb7"
# ## 손잡이 두 개
#
# 휴대 전화는 서버보다 느리고 메모리도 적습니다. 그렇다고 네트워크를 새로 발명해야 할까요? 논문은 그 대신 손잡이 두 개를 줍니다.
# $\alpha$는 모든 층을 **얇게** 만듭니다. 입력 채널(channel)은 $\alpha M$개, 출력 채널은 $\alpha N$개가 됩니다. $\rho$는 모든 그림을 **작게** 만듭니다. 한 변이 $\rho D_F$가 됩니다.
# 그러면 깊이별 합성곱(depthwise convolution)과 점별 합성곱(pointwise convolution)으로 된 한 층의 비용은
#
# $$D_K \cdot D_K \cdot \alpha M \cdot \rho D_F \cdot \rho D_F + \alpha M \cdot \alpha N \cdot \rho D_F \cdot \rho D_F \qquad \text{(논문의 식 7)}$$
#
# 번의 곱셈-덧셈(mult-add)입니다. 두 항에 $\alpha$와 $\rho$가 각각 몇 번 나오는지 세어 보세요.
#
# **먼저 예상해 보세요.** 종이에 풀 수 있을 만큼 작은 층을 봅시다. $D_K = 3$, $M = N = 4$, $D_F = 4$입니다. 두 절반의 비용은 각각 얼마일까요? $\alpha = 0.5$라면? $\rho = 0.5$라면? 모두 여섯 개의 수입니다.


# %%
def executed(M, D_F):
    x = np.ones((1, D_F, D_F, M))
    _, depthwise = nm.loops.depthwise_conv(x, np.ones((3, 3, M)))
    _, pointwise = nm.loops.pointwise_conv(x, np.ones((M, M)))
    return depthwise, pointwise


print("as it was", executed(4, 4), "  alpha 0.5", executed(2, 4), "  rho 0.5", executed(4, 2))

# %% [markdown] lang="en"
# These are counts of loops that ran. Thinner: the depthwise half fell to a half, the pointwise half to a quarter, because its $\alpha$ stands there twice.
# Smaller: both fell to a quarter, because a picture has two sides.

# %% [markdown] lang="ko" of="4d34f9c3"
# 반복문을 실제로 돌려서 센 수입니다. 얇게 하면 깊이별 절반은 2분의 1, 점별 절반은 4분의 1이 됩니다. 점별 항에는 $\alpha$가 두 번 나오기 때문입니다.
# 작게 하면 둘 다 4분의 1이 됩니다. 그림에는 변이 둘 있기 때문입니다.

# %% [markdown] lang="en"
# ## Alpha on the whole network
#
# The paper says that $\alpha$ reduces mult-adds and parameters "quadratically by roughly $\alpha^2$". *Roughly*: let us find out what is exact. Not every layer of MobileNet is
# pointwise: there are the first convolution, the depthwise ones, and the classifier.
#
# **Predict first:** by what factor does each of these four kinds shrink at $\alpha = 0.5$? Think of what each one is connected to at its two ends.

# %% [markdown] lang="ko" of="53769d54"
# ## 네트워크 전체와 알파
#
# 논문은 $\alpha$가 곱셈-덧셈과 매개변수(parameter)를 "대략 $\alpha^2$으로" 줄인다고 말합니다. *대략*이라니, 무엇이 정확한지 알아봅시다. MobileNet의 층이 모두 점별 합성곱은 아닙니다.
# 첫 합성곱이 있고, 깊이별 합성곱들이 있고, 분류기가 있습니다.
#
# **먼저 예상해 보세요.** $\alpha = 0.5$일 때 이 네 종류는 각각 몇 분의 몇으로 줄어들까요? 층의 양쪽 끝이 무엇과 이어져 있는지 생각해 보세요.

# %%
full = nm.cost.by_kind(nm.mobilenet())
for alpha in (0.75, 0.5, 0.25):
    thin = nm.cost.by_kind(nm.mobilenet(alpha))
    factors = {kind: Fraction(thin[kind].mult_adds, full[kind].mult_adds) for kind in full if kind != "pool"}
    print(alpha, ", ".join(f"{kind} {factor}" for kind, factor in factors.items()))

# %% [markdown] lang="en"
# Only the pointwise layers go with $\alpha^2$. The first convolution is thinner on one side only: a picture keeps its three colours. So is the classifier: 1000 classes stay 1000.
# And a depthwise layer has one kernel a channel, so it knows one count of channels, not two. Each of these factors is exact. So the total is exact too:
#
# $$\text{total}(\alpha) = \alpha^2 \cdot \text{pointwise} + \alpha \cdot \text{rest}$$

# %% [markdown] lang="ko" of="45f8e83f"
# $\alpha^2$을 따르는 것은 점별 층뿐입니다. 첫 합성곱은 한쪽만 얇아집니다. 그림의 색은 여전히 셋이니까요. 분류기도 한쪽뿐입니다. 클래스 1000개는 그대로 1000개입니다.
# 깊이별 층은 채널마다 커널이 하나여서, 채널 수가 두 번이 아니라 한 번만 들어갑니다. 이 배율은 하나하나가 정확합니다. 따라서 합계도 정확합니다.
#
# $$\text{total}(\alpha) = \alpha^2 \cdot \text{pointwise} + \alpha \cdot \text{rest}$$


# %%
def total(alpha=1.0, resolution=224):
    return nm.cost.total(nm.cost.table(nm.mobilenet(alpha, resolution))).mult_adds


pointwise = full["pointwise"].mult_adds
for alpha in (0.75, 0.5, 0.25):
    law = alpha**2 * pointwise + alpha * (total() - pointwise)
    assert law == total(alpha), "which kinds of layers go with alpha once, which twice?"
    print(f"{alpha:4}   {total(alpha):>11,}   {total(alpha) / total():.4f} of the whole, alpha squared {alpha**2:.4f}")

# %% [markdown] lang="en"
# So "roughly $\alpha^2$" is always a little too hopeful, and more so for a thin network: at $\alpha = 0.25$ it is 0.0721 and not 0.0625.
# What falls more slowly takes a larger share:

# %% [markdown] lang="ko" of="bd3c6cdb"
# 그래서 "대략 $\alpha^2$"은 언제나 조금 낙관적이고, 네트워크가 얇을수록 더 그렇습니다. $\alpha = 0.25$에서는 0.0625가 아니라 0.0721입니다.
# 천천히 줄어드는 것의 비중은 그만큼 커집니다.

# %%
nm.plots.by_kind(nm.cost.by_kind(nm.mobilenet(alpha=0.25)).values())

# %% [markdown] lang="en"
# In the full network the pointwise layers take 94.86 % of the mult-adds (Table 2); here it is 82.18 %. On the right, more than half of all parameters now sit in the
# classifier. If you have ten classes and not 1000, that is the first thing to look at.

# %% [markdown] lang="ko" of="e9388dc5"
# 원래 네트워크에서는 점별 층이 곱셈-덧셈의 94.86 %를 차지합니다(표 2). 여기서는 82.18 %입니다. 오른쪽을 보면 이제 매개변수의 절반 이상이 분류기에 있습니다.
# 클래스가 1000개가 아니라 10개라면 가장 먼저 살펴볼 곳입니다.

# %% [markdown] lang="en"
# ### Between the published widths
#
# Channels are whole numbers. $0.5 \cdot 32 = 16$, but $0.3 \cdot 32 = 9.6$, and there is no such thing as 0.6 of a channel. What then?

# %% [markdown] lang="ko" of="0231e199"
# ### 공개된 너비 사이에서는
#
# 채널 수는 자연수입니다. $0.5 \cdot 32 = 16$이지만 $0.3 \cdot 32 = 9.6$이고, 0.6개짜리 채널은 없습니다. 그러면 어떻게 될까요?

# %%
thin = nm.mobilenet(alpha=0.3)
print("channels", thin[0].N, thin[2].N, thin[4].N, "  wished for", 0.3 * 32, 0.3 * 64, 0.3 * 128)
print(f"pointwise {nm.cost.by_kind(thin)['pointwise'].mult_adds / pointwise:.4f}, alpha squared {0.3**2:.4f}")

# %% [markdown] lang="en"
# Keras cuts off, and so do we; other libraries round differently. The law for $\alpha$ is exact at 0.75, 0.5 and 0.25, because 32, 64, ... 1024 can all be divided by four.
# For other widths read the table of layers, not the formula.

# %% [markdown] lang="ko" of="91a62d36"
# Keras는 소수점 아래를 버리고, 우리도 그렇게 합니다. 다르게 반올림하는 라이브러리도 있습니다. $\alpha$의 법칙이 0.75, 0.5, 0.25에서 정확한 까닭은 32, 64, ... 1024가 모두 4로 나누어떨어지기 때문입니다.
# 다른 너비에서는 식이 아니라 층의 표를 보아야 합니다.

# %% [markdown] lang="en"
# ### Table 6: the paper beside ours

# %% [markdown] lang="ko" of="b8b3f0d8"
# ### 표 6: 논문과 우리의 계산

# %%
from npmobile.paper.printed import PAPER


def beside(table):
    for cell in nm.paper.cells(table):
        print(f"{cell.row:20}{cell.column:20}{cell.printed:>5}{cell.ours / 1e6:12.4f}   {cell.verdict}")


beside(PAPER[5])

# %% [markdown] lang="en"
# All eight agree, to the digits that are printed.

# %% [markdown] lang="ko" of="efeb0931"
# 여덟 개 모두 인쇄된 자릿수까지 같습니다.

# %% [markdown] lang="en"
# ## Rho on the whole network
#
# $\rho$ is never given as a number to the program: you choose the side of the picture, and $\rho$ is that side over 224. Five layers have stride 2, and each halves the picture.
# Follow the side through them:

# %% [markdown] lang="ko" of="e264f61d"
# ## 네트워크 전체와 로
#
# $\rho$는 프로그램에 직접 넣는 수가 아닙니다. 그림의 변을 고르면, 그 변을 224로 나눈 것이 $\rho$입니다. 보폭(stride)이 2인 층이 다섯 개 있고, 저마다 그림을 절반으로 줄입니다.
# 변의 길이를 따라가 봅시다.

# %%
for resolution in (224, 160, 100):
    layers = nm.mobilenet(1.0, resolution)
    print(resolution, [layer.D_G for layer in layers if layer.stride == 2])

# %% [markdown] lang="en"
# From 224 and from 160 every halving comes out even: both can be divided by $2^5 = 32$. From 100 it does not: 25 becomes 13, half a pixel too many, and 13 becomes 7, and 7 becomes 4.
#
# **Predict first:** the body is everything but the classifier. Does it cost $\rho^2$ of the full one at 160? At 100: less, as much, or more?

# %% [markdown] lang="ko" of="c376963b"
# 224와 160은 절반이 늘 나누어떨어집니다. 둘 다 $2^5 = 32$의 배수입니다. 100은 그렇지 않습니다. 25가 13이 되어 반 픽셀이 남고, 13은 7이, 7은 4가 됩니다.
#
# **먼저 예상해 보세요.** 분류기를 뺀 나머지를 몸통이라고 합시다. 160에서 몸통의 비용은 원래의 $\rho^2$배일까요? 100에서는 그보다 적을까요, 같을까요, 많을까요?


# %%
def body(resolution):
    return sum(nm.cost.mult_adds(layer) for layer in nm.mobilenet(1.0, resolution)[:-1])


for resolution in (192, 160, 128, 100):
    left, square = Fraction(body(resolution), body(224)), Fraction(resolution, 224) ** 2
    print(f"{resolution}   {float(left):.4f} of the body, rho squared {float(square):.4f}   equal: {left == square}")

# %% [markdown] lang="en"
# At multiples of 32 it is exactly $\rho^2$, as a fraction. At 100 you pay for pixels that the picture does not have. Here is every resolution from 96 to 256:

# %% [markdown] lang="ko" of="151a43e1"
# 32의 배수에서는 분수로 꼭 $\rho^2$입니다. 100에서는 그림에 없는 픽셀 값까지 치릅니다. 96부터 256까지 모든 해상도를 그려 보면 다음과 같습니다.

# %%
bodies = {resolution: body(resolution) for resolution in range(96, 257)}
print(f"96: {bodies[96] / 1e6:.1f} million, 97: {bodies[97] / 1e6:.1f} million, {bodies[97] / bodies[96]:.2f} times")
nm.plots.by_resolution(bodies)

# %% [markdown] lang="en"
# A staircase that touches the curve at multiples of 32 and stands above it elsewhere. The highest steps come right behind them: one pixel more than 96 costs a third more.
# If you may choose the resolution, choose a multiple of 32.

# %% [markdown] lang="ko" of="a9dd96e9"
# 32의 배수에서 곡선에 닿고 나머지에서는 그 위에 있는 계단입니다. 가장 높은 턱은 32의 배수 바로 다음에 옵니다. 96에서 한 픽셀만 늘려도 비용이 3분의 1 늘어납니다.
# 해상도를 고를 수 있다면 32의 배수를 고르세요.

# %% [markdown] lang="en"
# ### Table 7, and what rho does not change
#
# **Predict first:** one of the eight numbers below does not round to what is printed. And look at the parameters.

# %% [markdown] lang="ko" of="ebb3d6d8"
# ### 표 7, 그리고 로가 바꾸지 않는 것
#
# **먼저 예상해 보세요.** 아래 여덟 수 가운데 하나는 반올림해도 인쇄된 수가 되지 않습니다. 매개변수도 눈여겨보세요.

# %%
beside(PAPER[6])

# %% [markdown] lang="en"
# 290.6752 was cut off to 290 and not rounded to 291. The parameters never move: a kernel does not know how large the picture is. So $\rho$ saves mult-adds and the memory of
# feature maps, but the file that you ship stays as large. $\alpha$ shrinks both. The classifier, too, sees no picture any more, and so the *total* is not exactly $\rho^2$:

# %% [markdown] lang="ko" of="7f0f5563"
# 290.6752는 291로 반올림하지 않고 290으로 버렸습니다. 매개변수는 움직이지 않습니다. 커널은 그림이 얼마나 큰지 모릅니다. 그러니 $\rho$는 곱셈-덧셈과 특징 맵(feature map)의 메모리를
# 줄이지만, 배포할 파일의 크기는 그대로입니다. $\alpha$는 둘 다 줄입니다. 분류기도 그림의 크기를 모르기 때문에 *합계*는 정확히 $\rho^2$배가 아닙니다.

# %%
classifier = full["fully_connected"].mult_adds
print(f"total at 160: {total(1.0, 160) / total():.4f}, rho squared {(160 / 224) ** 2:.4f}")
assert total(1.0, 160) == body(160) + classifier, "the classifier costs the same at every resolution"

# %% [markdown] lang="en"
# ## Sixteen networks
#
# Four widths and four resolutions. One of them, the smallest, we run, so that the count is not only a formula's:

# %% [markdown] lang="ko" of="1f48bbc5"
# ## 네트워크 16개
#
# 너비가 넷, 해상도가 넷입니다. 그 가운데 가장 작은 것은 직접 돌려 봅시다. 식으로만 센 수가 아님을 확인하기 위해서입니다.

# %%
model = nm.random_model(alpha=0.25, resolution=128)
steps = model.forward(np.zeros((1, 128, 128, 3), dtype=np.float32))
counted = sum(step.mult_adds for step in steps)
assert counted == total(0.25, 128), "did you run it at 128?"
print(f"executed: {counted:,}, 1/{total() / counted:.0f} of the full network")

# %%
points = nm.paper.accuracies()
nm.plots.grid(points)

# %% [markdown] lang="en"
# Top left is the full network, bottom right 1/42 of it. Read along a row and along a column: both multiply. 1.0-128, 0.75-160 and 0.5-224 stand in
# different rows and cost between 149 and 187 million: is one of them better than the others?

# %% [markdown] lang="ko" of="9c5f5fff"
# 왼쪽 위가 원래 네트워크, 오른쪽 아래는 그 42분의 1입니다. 행을 따라, 열을 따라 읽어 보세요. 둘 다 곱하기입니다. 1.0-128, 0.75-160, 0.5-224는 서로 다른 행에 있지만 비용은 모두
# 1억 4900만에서 1억 8700만 사이입니다. 그중 더 나은 것이 있을까요?

# %% [markdown] lang="en"
# ## What accuracy costs: Figures 4 and 5
#
# **Predict first:** the horizontal axis below is logarithmic, so that every halving is a step of the same width. If each halving of the cost took equally many points of accuracy, what shape would the points have?

# %% [markdown] lang="ko" of="e913146b"
# ## 정확도의 값: 그림 4와 5
#
# **먼저 예상해 보세요.** 아래 그림의 가로축은 로그 눈금이어서 절반이 되는 걸음마다 폭이 같습니다. 비용이 절반이 될 때마다 정확도가 똑같은 만큼 떨어진다면 점들은 어떤 모양일까요?

# %%
nm.plots.accuracy(points)

# %% [markdown] lang="en"
# Nearly a straight line, until $\alpha = 0.25$ drops out of it. The paper prints accuracies for eight of the 16 in its tables (filled points) and only plots the others; for
# those (hollow) the accuracy is that of the weights which its authors released later. How steep is the line?

# %% [markdown] lang="ko" of="8ea65c00"
# $\alpha = 0.25$가 떨어져 나가기 전까지는 거의 직선입니다. 논문은 16개 가운데 8개의 정확도만 표에 인쇄하고(채운 점) 나머지는 그림에 찍기만 했습니다.
# 나머지(빈 점)는 저자들이 나중에 공개한 가중치의 정확도입니다. 직선은 얼마나 가파를까요?

# %%
printed = {(point.alpha, point.resolution): point for point in points if point.printed}
for start, end in (((1.0, 224), (1.0, 128)), ((1.0, 224), (0.5, 224)), ((0.5, 224), (0.25, 224))):
    a, b = printed[start], printed[end]
    lost, halvings = a.printed - b.printed, math.log2(a.mult_adds / b.mult_adds)
    print(f"{start} to {end}: {lost:4.1f} points in {halvings:.2f} halvings, {lost / halvings:.1f} each")

# %% [markdown] lang="en"
# By $\rho$ or by $\alpha$, a halving costs not quite four points. From 0.5 to 0.25 it costs seven. That is the jump which the paper speaks of.

# %% [markdown] lang="ko" of="19e8d5f8"
# $\rho$로 줄이든 $\alpha$로 줄이든, 비용이 절반이 될 때마다 4점이 조금 안 되게 떨어집니다. 0.5에서 0.25로 갈 때는 7점씩 떨어집니다. 논문이 말하는 급락이 이것입니다.

# %%
nm.plots.accuracy(points, "parameters")

# %% [markdown] lang="en"
# The same 16 networks against their parameters: four upright lines. $\rho$ moves a network straight down: accuracy lost, not one parameter saved. If the size of the file is
# what you have too little of, $\rho$ is the wrong knob.

# %% [markdown] lang="ko" of="3dd7ee13"
# 같은 16개를 매개변수에 대해 그렸습니다. 세로줄 네 개입니다. $\rho$는 네트워크를 곧장 아래로 옮깁니다. 정확도는 떨어지는데 매개변수는 하나도 줄지 않습니다.
# 모자란 것이 파일 크기라면 $\rho$는 잘못 고른 손잡이입니다.

# %% [markdown] lang="en"
# ## Your budget
#
# Your phone can spend 100 million mult-adds on a picture. **Predict first:** which of the 16 do you take? Use the grid and the figure; write it down.
#
# To compare all 16 we use one measurement for all of them, the released weights. First: how far are those from the paper's own numbers?

# %% [markdown] lang="ko" of="534eece2"
# ## 나의 예산
#
# 여러분의 휴대 전화는 그림 한 장에 곱셈-덧셈 1억 번을 쓸 수 있습니다. **먼저 예상해 보세요.** 16개 가운데 무엇을 고르겠습니까? 격자와 그림을 보고 적어 두세요.
#
# 16개를 모두 비교하려면 같은 방식으로 잰 값을 써야 하므로 공개된 가중치의 정확도를 씁니다. 먼저, 그 값은 논문의 값과 얼마나 다를까요?

# %%
differences = [point.released - point.printed for point in printed.values()]
print(f"released minus printed: from {min(differences):+.1f} to {max(differences):+.1f} points")

# %%
budget = 100_000_000
fits = [point for point in points if point.mult_adds <= budget]
best = max(fits, key=lambda point: point.released)
print(f"{len(fits)} fit; the best is {best.alpha}-{best.resolution}: {best.mult_adds:,}, {best.released} %")
assert (best.alpha, best.resolution) == (0.5, 160), "is the budget in mult-adds, not in millions?"

# %% [markdown] lang="en"
# 0.5 MobileNet-160, with 76.5 million: nearly a quarter of the budget is left over. The next two in the grid miss it narrowly, 0.75-128 with 106.8 and 0.5-192 with 110.0 million. Is your budget
# really that sharp? That is a question for the phone, and for lesson 6. And then: are all 16 worth a thought?

# %% [markdown] lang="ko" of="861de17f"
# 7650만 번인 0.5 MobileNet-160입니다. 예산의 4분의 1 가까이가 남습니다. 그다음 둘은 아깝게 넘칩니다. 0.75-128은 1억 680만, 0.5-192는 1억 1000만입니다. 예산이 정말 그렇게 칼같을까요?
# 그것은 휴대 전화에, 그리고 6강에 물어볼 일입니다. 그런데 16개는 모두 고려할 가치가 있을까요?

# %%
for point in points:
    for p in points:
        if p.mult_adds < point.mult_adds and p.released > point.released:
            print(f"{p.alpha}-{p.resolution} at {p.released} % is cheaper and better than", end=" ")
            print(f"{point.alpha}-{point.resolution} at {point.released} %")

# %% [markdown] lang="en"
# For two of them another network is both cheaper and more accurate: no budget of mult-adds should make you take these. But mind the size of that lead. It is 0.1 and 0.4 points, and you saw above
# that training the same network anew moved its accuracy by more.

# %% [markdown] lang="ko" of="68062486"
# 둘은 더 값싸면서 더 정확한 네트워크가 따로 있습니다. 곱셈-덧셈 예산이 얼마이든 이 둘을 고를 이유가 없습니다. 다만 그 차이에 주의하세요. 0.1점과 0.4점입니다. 같은 네트워크를
# 다시 학습했을 때 정확도가 그보다 더 움직이는 것을 위에서 보았습니다.

# %% [markdown] lang="en"
# ## Turn both knobs
#
# Type an alpha and a resolution, or press a published network, and read the bill by kind. The nearest published network and its accuracy stand below it.
#
# **Predict first.** At which of the published alphas does the classifier hold more than half of the parameters?

# %% [markdown] lang="ko" of="2919c90c"
# ## 두 손잡이를 돌려 보세요
#
# 알파와 해상도를 입력하거나 공개된 네트워크를 눌러 종류별 비용을 읽어 보세요. 비용이 가장 가까운 공개 네트워크와 그 정확도가 아래에 나옵니다.
#
# **먼저 예상해 보세요.** 공개된 알파 가운데 분류기가 매개변수의 절반을 넘게 차지하는 것은 어느 것일까요?

# %%
nm.interactive.explorer()

# %%
for alpha in (1.0, 0.75, 0.5, 0.25):
    classifier = nm.cost.by_kind(nm.mobilenet(alpha))["fully_connected"]
    print(alpha, f"{float(classifier.parameter_share):.1%} of the parameters in the classifier")

# %% [markdown] lang="en"
# Only at 0.25: the body shrinks with the square of alpha, the classifier with alpha itself.

# %% [markdown] lang="ko" of="71d91fa0"
# 0.25에서만 그렇습니다. 몸통은 알파의 제곱으로 줄지만 분류기는 알파만큼만 줄기 때문입니다.

# %% [markdown] lang="en"
# ## Exercises
#
# 1. By hand: $D_K = 3$, $M = N = 100$, $D_F = 10$. What do the two halves cost, and what with $\alpha = 0.5$? By what factor does the layer as a whole shrink?
# 2. Instead of 100 million mult-adds you may ship one million parameters. Which of the 16 do you take now?
# 3. Table 5 asks: thinner, or fewer layers? Make `nm.mobilenet(blocks=nm.BLOCKS[:6] + nm.BLOCKS[11:])` and work out its mult-adds and parameters. The paper gives it 65.3 % and the
#    0.75 network 68.4 %. Which would you build?
# 4. You may train a network of your own. Which is the largest $\alpha$, in steps of 1/32, that fits 100 million at 128? At 160? Why does no table tell you how accurate it will be?
# 5. Discuss: a friend halves the *resolution* and says "four times cheaper, so four times faster, and a file of a quarter". What is right, what is nearly right, what is wrong?
#
# <details><summary>Answers</summary>
#
# 1. Depthwise $9 \cdot 100 \cdot 100 = 90{,}000$ and pointwise $100 \cdot 100 \cdot 100 = 1{,}000{,}000$; then 45,000 and 250,000. The layer shrinks to $295/1090 = 0.27$, not to 0.25.
# 2. Only $\alpha = 0.25$ fits (463,600 parameters; 0.5 has 1,319,648). Resolution is free in this budget, so take the largest: 0.25-224, with 49.8 %.
# 3. 307,323,392 and 2,875,328, against 325,400,448 and 2,568,144. For 6 % fewer mult-adds it has 12 % more parameters and loses 3.1 points: thinner is better here than shallower.
# 4. $23/32$ at 128 (98,364,928) and $18/32$ at 160 (95,767,200). Cost is arithmetic; accuracy has to be measured, and nobody has trained these.
# 5. Four times cheaper: right for the body if the new side is a multiple of 32 (112 is not: it costs a little more than a quarter), and the classifier stays. Four times faster: mult-adds are not milliseconds,
#    see lesson 6. The file: wrong, not one parameter is saved.
#
# </details>

# %% [markdown] lang="ko" of="aff4d07f"
# ## 연습 문제
#
# 1. 손으로: $D_K = 3$, $M = N = 100$, $D_F = 10$입니다. 두 절반의 비용은 각각 얼마이고, $\alpha = 0.5$이면 얼마인가요? 층 전체는 몇 배로 줄어드나요?
# 2. 곱셈-덧셈 1억 번 대신 매개변수 백만 개가 예산입니다. 이제 16개 가운데 무엇을 고르겠습니까?
# 3. 표 5는 묻습니다. 얇게 할까요, 층을 줄일까요? `nm.mobilenet(blocks=nm.BLOCKS[:6] + nm.BLOCKS[11:])`을 만들어 곱셈-덧셈과 매개변수를 구해 보세요. 논문에 따르면 이 네트워크의 정확도는 65.3 %,
#    0.75 네트워크는 68.4 %입니다. 어느 쪽을 만들겠습니까?
# 4. 네트워크를 직접 학습해도 됩니다. 해상도 128에서 1억 번에 들어가는 가장 큰 $\alpha$는 1/32 단위로 얼마인가요? 160에서는요? 그 정확도가 어느 표에도 없는 까닭은 무엇일까요?
# 5. 토론: 친구가 *해상도*를 절반으로 줄이고 "4배 값싸니까 4배 빠르고, 파일은 4분의 1"이라고 말합니다. 무엇이 맞고, 무엇이 거의 맞고, 무엇이 틀렸나요?
#
# <details><summary>답</summary>
#
# 1. 깊이별은 $9 \cdot 100 \cdot 100 = 90{,}000$, 점별은 $100 \cdot 100 \cdot 100 = 1{,}000{,}000$이고, 얇게 하면 45,000과 250,000입니다. 층 전체는 0.25배가 아니라 $295/1090 = 0.27$배가 됩니다.
# 2. $\alpha = 0.25$만 들어갑니다(매개변수 463,600개, 0.5는 1,319,648개). 이 예산에서 해상도는 공짜이니 가장 큰 것을 고릅니다. 0.25-224, 49.8 %입니다.
# 3. 307,323,392번과 2,875,328개입니다. 0.75는 325,400,448번과 2,568,144개입니다. 곱셈-덧셈은 6 % 적지만 매개변수는 12 % 많고 정확도는 3.1점 낮습니다. 여기서는 층을 줄이기보다 얇게 하는 편이 낫습니다.
# 4. 128에서는 $23/32$(98,364,928), 160에서는 $18/32$(95,767,200)입니다. 비용은 계산이지만 정확도는 재 보아야 하는데, 이 네트워크들은 아무도 학습하지 않았습니다.
# 5. 4배 값싸다: 새 변이 32의 배수라면 몸통에 대해서는 맞습니다(112는 아니어서 4분의 1보다 조금 더 들고), 분류기는 그대로입니다. 4배 빠르다: 곱셈-덧셈은 밀리초가 아닙니다.
#    6강을 보세요. 파일: 틀렸습니다. 매개변수는 하나도 줄지 않습니다.
#
# </details>
