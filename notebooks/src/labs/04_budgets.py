# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # Lab 4. Budgets
#
# A device sets limits: so many mult-adds for one image, so many parameters in the flash memory, so many bytes of RAM while the network runs. In this lab you write the functions that compute these three costs, and a function that chooses the most accurate network within three limits.
#
# After this lab you can
#
# - compute the mult-adds and the parameters of every kind of layer, and the peak memory of a network;
# - choose a network under three limits, and say which of the limits decides;
# - explain why 30 % fewer channels are about 50 % fewer mult-adds.
#
# About 60 minutes. You need: lessons 3 and 4. The lab has 20 points.
#
# How to work: write your code in the cells that say "write your code here", then run the cells below them. A report says whether the values are right and, where something is wrong, the likely mistake. You can check as often as you like.

# %% [markdown] lang="ko" of="bd07772a"
# # 실습 4. 주어진 제한에 맞는 네트워크
#
# 기기마다 제한이 있습니다. 이미지 한 장에 할 수 있는 곱셈-누산 횟수, 플래시 메모리에 저장할 수 있는 매개변수 수, 네트워크를 실행하는 동안 쓸 수 있는 RAM의 크기입니다. 이번 실습에서는 이 세 가지를 구하는 함수와, 세 가지 제한에 모두 맞는 네트워크 가운데 가장 정확한 것을 고르는 함수를 작성합니다.
#
# 이 실습을 마치면
#
# - 모든 종류의 층에서 곱셈-누산 횟수와 매개변수 수를 구하고, 네트워크의 최대 메모리 사용량을 구할 수 있습니다.
# - 세 가지 제한에 맞는 네트워크를 고르고, 그 가운데 어느 제한에 따라 선택이 바뀌는지 말할 수 있습니다.
# - 채널을 30% 줄이면 곱셈-누산이 약 50% 줄어드는 이유를 설명할 수 있습니다.
#
# 약 60분이 걸립니다. 3강과 4강의 내용을 알고 있으면 됩니다. 모두 20점입니다.
#
# 실습 방법: "여기에 코드를 작성하세요"라고 적힌 셀에 코드를 작성하고, 그 아래의 셀을 실행하세요. 그러면 보고서가 출력됩니다. 결과가 맞는지 나와 있고, 틀린 곳이 있으면 의심되는 실수도 나와 있습니다. 몇 번이든 다시 확인해도 됩니다.
#
# 보고서는 한국어로 나오지만, 그 밖의 출력과 오류 메시지는 영어로 나옵니다. 다음 표에서 뜻을 찾아보세요.
#
# | 출력 | 뜻 |
# |---|---|
# | ... not right yet | ... 아직 맞지 않음 |
# | the report says which, where | 어느 것인지, 어디인지는 보고서에 있음 |
# | million mult-adds, parameters | 곱셈-누산 횟수(백만), 매개변수 수(백만) |
# | all | 모든 층의 합계 |
# | networks, for example | 네트워크의 개수와 예 |
# | limits of ...: ... does not keep them, or is not None | 제한이 ...일 때, 결과가 제한에 맞지 않거나 None이 아님 |
# | ... keeps them too and is more accurate than ... | 제한에 맞으면서 더 정확한 네트워크가 있음 |
# | right for ... sets of limits | 제한을 바꾼 ...가지 경우에 모두 맞음 |
# | as given | 주어진 제한 그대로 |
# | twice as many ... | ...만 두 배로 늘렸을 때 |
# | the share is ..., but yours is ... | 비율은 ...인데 여러분의 결과는 ...임 |
# | alpha squared | α² |

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
# ## Task 1. Two costs of one layer (2 + 2 points)
#
# Write `parameters` and `mult_adds`. Each takes one `layer` with the fields `kind`, `D_K`, `M`, `N` and `D_G`, and returns an `int`: the numbers in the kernel (no bias, no batch norm), and the mult-adds for one image. If you wrote them in lab 2, copy them.
# The kinds are `"standard"`, `"depthwise"`, `"pointwise"`, `"fully_connected"` and `"pool"`. A pool has neither mult-adds nor parameters.
#
# <details><summary>Hint</summary>
#
# A convolution uses each parameter once for every output pixel, and there are $D_G \cdot D_G$ of them. A fully connected layer has one output pixel, $D_G = 1$.
#
# </details>

# %% [markdown] lang="ko" of="8952b2f1"
# ## 과제 1. 한 층의 연산량과 매개변수 (2점 + 2점)
#
# 함수 `parameters`와 `mult_adds`를 작성하세요. 둘 다 `layer` 하나를 받습니다. `layer`의 필드는 `kind`, `D_K`, `M`, `N`, `D_G`입니다. 커널의 원소 개수(편향과 배치 정규화 제외)와 이미지 한 장의 곱셈-누산 횟수를 각각 `int`로 반환합니다. 실습 2에서 작성했다면 옮겨 오세요.
# `kind`는 `"standard"`, `"depthwise"`, `"pointwise"`, `"fully_connected"`, `"pool"` 가운데 하나입니다. 풀링에는 곱셈-누산도 매개변수도 없습니다.
#
# <details><summary>힌트</summary>
#
# 합성곱은 출력 픽셀마다 매개변수를 한 번씩 씁니다. 출력 픽셀은 $D_G \cdot D_G$개입니다. 완전 연결 층은 출력 픽셀이 하나뿐이므로 $D_G = 1$입니다.
#
# </details>


# %% write="parameters"
def parameters(layer):
    """The numbers in the kernel of a layer.

    >>> parameters(nm.Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=32, N=64, D_F=112))  # 32 * 64
    2048
    """
    ### BEGIN SOLUTION
    if layer.kind == "pool":
        return 0
    filters = 1 if layer.kind == "depthwise" else layer.N  # that use the same input channel
    return layer.D_K * layer.D_K * layer.M * filters
    ### END SOLUTION


# %% write="mult-adds"
def mult_adds(layer):
    """The mult-adds of a layer for one image.

    >>> mult_adds(nm.Layer("conv_pw_1", "pointwise", D_K=1, stride=1, M=32, N=64, D_F=112))  # 2048 * 112**2
    25690112
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
# The paper prints 569 million mult-adds and 4.2 million parameters for MobileNet. Your functions, for each kind of layer:

# %% [markdown] lang="ko" of="76ac6d3c"
# 논문에 실린 MobileNet의 곱셈-누산은 5억 6,900만 번, 매개변수는 420만 개입니다. 여러분의 함수로 층의 종류마다 더해 봅시다.

# %%
for kind in ("standard", "depthwise", "pointwise", "fully_connected"):
    layers = [layer for layer in nm.mobilenet() if layer.kind == kind]
    print(f"{kind:15} {sum(map(mult_adds, layers)):12,} mult-adds,", end=" ")
    print(f"{sum(map(parameters, layers)):10,} parameters")
print(f"{'all':15} {sum(map(mult_adds, nm.mobilenet())):12,} mult-adds")

# %% [markdown] lang="en"
# ## Task 2. The peak memory of a network (3 points)
#
# Write `peak_memory`: the bytes that the feature maps need while the network runs on one image, with one byte for each number. A layer needs its input and its output in memory at the same time; then the memory of the input can be used again. So the network needs as much as the layer that needs the most:
#
# $$\max_{\text{layers}} \left( D_F \cdot D_F \cdot M + D_G \cdot D_G \cdot N \right)$$
#
# <details><summary>Hint</summary>
#
# `max` takes a list or a generator. The largest input and the largest output may belong to different layers, so add first and take the maximum afterwards.
#
# </details>

# %% [markdown] lang="ko" of="64109621"
# ## 과제 2. 최대 메모리 사용량 (3점)
#
# 함수 `peak_memory`를 작성하세요. 이미지 한 장으로 네트워크를 실행하는 동안 특징 맵에 필요한 바이트 수를 반환합니다. 원소 하나는 1바이트입니다. 한 층을 계산하는 동안에는 입력과 출력이 모두 메모리에 있어야 하고, 그다음에는 입력의 메모리를 다시 쓸 수 있습니다. 그래서 네트워크 전체에 필요한 메모리는 메모리를 가장 많이 쓰는 층에서 정해집니다.
#
# $$\max_{\text{층}} \left( D_F \cdot D_F \cdot M + D_G \cdot D_G \cdot N \right)$$
#
# <details><summary>힌트</summary>
#
# `max`에는 리스트나 제너레이터를 넣을 수 있습니다. 가장 큰 입력과 가장 큰 출력은 서로 다른 층에 있을 수 있습니다. 그러므로 먼저 더하고 나서 최댓값을 구해야 합니다.
#
# </details>


# %% write="peak-memory"
def peak_memory(layers):
    """Bytes for the input and the output of the layer that needs the most.

    >>> peak_memory(nm.mobilenet())  # conv_pw_1: 112 * 112 * 32 + 112 * 112 * 64
    1204224
    """
    ### BEGIN SOLUTION
    return max(layer.D_F**2 * layer.M + layer.D_G**2 * layer.N for layer in layers)
    ### END SOLUTION


# %% check="peak-memory-values" points=3
report = nm.exercises.peak_memory(peak_memory)
display(report)
if not report.passed:
    raise report.error or AssertionError("some networks are not right yet: the report says which")

# %% [markdown] lang="en"
# Your functions, for four of the 16 published networks. Compare the first line with the second, and the first with the third: which cost falls with $\alpha$, and which with the resolution?

# %% [markdown] lang="ko" of="d868da47"
# 공개된 네트워크 16개 가운데 네 개를 여러분의 함수로 계산해 봅시다. 첫째 줄과 둘째 줄, 첫째 줄과 셋째 줄을 비교해 보세요. 곱셈-누산 횟수, 매개변수 수, 최대 메모리 사용량 가운데 $\alpha$를 줄이면 줄어드는 것은 무엇이고, 해상도를 줄이면 줄어드는 것은 무엇인가요?

# %%
for alpha, resolution in ((1.0, 224), (0.5, 224), (1.0, 128), (0.25, 128)):
    layers = nm.mobilenet(alpha, resolution)
    totals = sum(mult_adds(layer) for layer in layers), sum(parameters(layer) for layer in layers)
    print(f"{alpha:4}-{resolution}: {totals[0] / 1e6:6.1f} million mult-adds,", end=" ")
    print(f"{totals[1] / 1e6:4.2f} million parameters, {peak_memory(layers) / 1024:5.0f} KiB")

# %% [markdown] lang="en"
# ## Task 3. Choose a network under three limits (5 points)
#
# Write `choose`: of all networks that keep *all three* limits, return `(alpha, resolution)` of the most accurate one, or `None` if no network keeps them. A network that reaches a limit exactly keeps it. `networks` is a list of `(alpha, resolution, accuracy)`; the accuracies are those of the weights that the authors of the paper released.
#
# <details><summary>Hint</summary>
#
# Compute the three costs of each network from `nm.mobilenet(alpha, resolution)` with your functions. Collect those that fit, and take the one with the largest accuracy. `max(fitting, default=None)` gives `None` for an empty list; tuples are compared by their first entry.
#
# </details>

# %% [markdown] lang="ko" of="03795e95"
# ## 과제 3. 세 가지 제한에 맞는 선택 (5점)
#
# 함수 `choose`를 작성하세요. 세 가지 제한에 **모두** 맞는 네트워크 가운데 가장 정확한 것의 `(alpha, resolution)`을 반환하고, 그런 네트워크가 없으면 `None`을 반환합니다. 제한과 정확히 같은 경우도 맞는 것으로 봅니다. `networks`는 `(alpha, resolution, accuracy)`의 리스트이고, 정확도는 논문의 저자들이 공개한 가중치의 정확도입니다.
#
# <details><summary>힌트</summary>
#
# 네트워크마다 `nm.mobilenet(alpha, resolution)`으로 층의 표를 만들고, 앞에서 작성한 함수로 곱셈-누산 횟수, 매개변수 수, 최대 메모리 사용량을 구하세요. 제한에 맞는 것을 모으고 그중 정확도가 가장 높은 것을 고릅니다. `max(fitting, default=None)`는 리스트가 비어 있으면 `None`을 반환합니다. 튜플끼리는 첫 번째 원소부터 비교합니다.
#
# </details>

# %%
networks = [(point.alpha, point.resolution, point.released) for point in nm.paper.accuracies()]
print(len(networks), "networks, for example", networks[0], "and", networks[-1])


# %% write="choose"
def choose(networks, most_mult_adds, most_parameters, most_bytes):
    """(alpha, resolution) of the most accurate network within all three limits, or None.

    >>> choose(networks, 10**9, 512 * 1024, 256 * 1024)  # the microcontroller of lesson 4
    (0.25, 192)
    """
    ### BEGIN SOLUTION
    fitting = []
    for alpha, resolution, accuracy in networks:
        layers = nm.mobilenet(alpha, resolution)
        costs = sum(map(mult_adds, layers)), sum(map(parameters, layers)), peak_memory(layers)
        if all(cost <= limit for cost, limit in zip(costs, (most_mult_adds, most_parameters, most_bytes))):
            fitting.append((accuracy, (alpha, resolution)))
    return max(fitting)[1] if fitting else None
    ### END SOLUTION


# %% check="choose-values" points=5
costs, accuracies = {}, {}
for alpha, resolution, accuracy in networks:
    layers = nm.mobilenet(alpha, resolution)
    total = nm.cost.total(nm.cost.table(layers))
    accuracies[alpha, resolution] = accuracy
    costs[alpha, resolution] = total.mult_adds, total.parameters, nm.cost.peak_memory(layers)
rng = np.random.default_rng()  # other limits in each run, which some networks reach exactly
names = list(costs)
drawn = [[costs[names[i]][k] for k, i in enumerate(rng.integers(16, size=3))] for _ in range(12)]
for limits in [(10**9, 10**7, 10**7), (1, 1, 1), (10**9, 512 * 1024, 256 * 1024), *drawn]:
    fits = [name for name in names if all(cost <= limit for cost, limit in zip(costs[name], limits))]
    mine = choose(networks, *limits)
    text = "limits of {:,} mult-adds, {:,} parameters and {:,} bytes: ".format(*limits)
    assert (mine in fits) if fits else (mine is None), text + f"{mine} does not keep them, or is not None"
    better = [name for name in fits if accuracies[name] > accuracies[mine]]
    assert not better, text + f"{better[:1]} keeps them too and is more accurate than {mine}"
print("right for 15 sets of limits")

# %% [markdown] lang="en"
# Which limit decides? The phone below may spend 100 million mult-adds. Make each limit twice as large, one after the other: only one of them changes the choice.

# %% [markdown] lang="ko" of="d596a229"
# 어느 제한에 따라 선택이 바뀔까요? 아래의 휴대전화에서는 곱셈-누산을 1억 번까지 할 수 있습니다. 제한을 한 번에 하나씩만 두 배로 늘려 봅시다. 늘렸을 때 선택이 바뀌는 제한은 하나뿐입니다.

# %%
limits = [100_000_000, 2_000_000, 1_000_000]  # mult-adds, parameters, bytes
print("as given:", choose(networks, *limits))
for k, name in enumerate(("mult-adds", "parameters", "bytes")):
    more = list(limits)
    more[k] *= 2
    print(f"twice as many {name}:", choose(networks, *more))

# %% [markdown] lang="en"
# ## Task 4. How much do fewer channels save? (2 points)
#
# Write `share`: the mult-adds of MobileNet `alpha`-224, divided by those of 1.0-224, as a `float`.
#
# <details><summary>Hint</summary>
#
# Two sums over `mult_adds(layer)`. `nm.mobilenet(alpha)` has the resolution 224.
#
# </details>

# %% [markdown] lang="ko" of="e67c2a64"
# ## 과제 4. 채널을 줄인 효과 (2점)
#
# 함수 `share`를 작성하세요. MobileNet `alpha`-224의 곱셈-누산 횟수를 1.0-224의 횟수로 나눈 비율을 `float`로 반환합니다.
#
# <details><summary>힌트</summary>
#
# `mult_adds(layer)`의 합을 두 번 구하면 됩니다. `nm.mobilenet(alpha)`의 해상도는 224입니다.
#
# </details>


# %% write="share"
def share(alpha):
    """The mult-adds of alpha-224 as a share of those of 1.0-224.

    >>> round(share(0.5), 4)  # 149,497,088 of 568,740,352
    0.2629
    """
    ### BEGIN SOLUTION
    return sum(map(mult_adds, nm.mobilenet(alpha))) / sum(map(mult_adds, nm.mobilenet(1.0)))
    ### END SOLUTION


# %% check="share-values" points=2
full = nm.cost.total(nm.cost.table(nm.mobilenet())).mult_adds
for alpha in (1.0, 0.75, 0.25, *np.random.default_rng().uniform(0.1, 1.5, 5).round(2).tolist()):
    expected = nm.cost.total(nm.cost.table(nm.mobilenet(alpha))).mult_adds / full
    assert np.isclose(share(alpha), expected), (
        f"alpha {alpha}: the share is {expected:.4f}, but yours is {share(alpha)}"
    )
print("right for 8 values of alpha")

# %% [markdown] lang="en"
# Read the table: at which $\alpha$ is about half of the mult-adds left?

# %% [markdown] lang="ko" of="dd7c212b"
# 표를 보세요. $\alpha$가 얼마일 때 곱셈-누산이 절반쯤 남나요?

# %%
print("alpha  mult-adds  alpha squared")
for alpha in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5):
    print(f"{alpha:5}  {share(alpha):9.1%}  {alpha**2:13.1%}  {'#' * round(40 * share(alpha))}")

# %% [markdown] lang="en"
# ## Two questions
#
# **Why 1 (3 points).** At $\alpha = 0.7$ every layer has 30 % fewer channels, and about 50 % of the mult-adds are left. Why one half and not 70 %? And why is it a little more than $0.7^2 = 49\ \%$?
#
# Answer in two or three sentences:

# %% [markdown] lang="ko" of="458bbba4"
# ## 이유를 묻는 질문
#
# **질문 1 (3점).** $\alpha = 0.7$이면 모든 층의 채널이 30% 줄고, 곱셈-누산은 약 50%가 남습니다. 왜 70%가 아니라 절반일까요? 그리고 왜 $0.7^2 = 49\ \%$보다 조금 더 많이 남을까요?
#
# 두세 문장으로 답하세요.

# %% [markdown] lang="en" why="why-half" points=3
# Nearly all mult-adds (95 %) are in the pointwise layers, which cost $M \cdot N \cdot D_G^2$: both the input and the output channels fall to 70 %, so their product falls to $0.7 \cdot 0.7 = 49\ \%$. The depthwise layers, the first layer and the classifier have only one factor that falls (the 3 input channels and the 1,000 classes stay), so 70 % of their cost is left, and the sum is a little above 49 %.

# %% [markdown] lang="ko" of="2a288fdf" why="why-half" points=3
# 곱셈-누산의 거의 전부(95%)가 점별 층에 있고, 점별 층의 연산량은 $M \cdot N \cdot D_G^2$입니다. 입력 채널과 출력 채널이 둘 다 70%로 줄어드니 곱은 $0.7 \cdot 0.7 = 49\ \%$가 됩니다. 깊이별 층과 첫 번째 층, 분류기에서는 둘 중 하나만 줄어들어서(입력 채널 3개와 클래스 1,000개는 그대로입니다) 70%가 남고, 그래서 합계가 49%보다 조금 많습니다.

# %% [markdown] lang="en"
# **Why 2 (3 points).** A microcontroller has too little RAM for 1.0-224: it can hold only about half of its feature maps. 0.5-224 and 1.0-160 both need about half. Why does the peak memory fall with $\alpha$ but with the *square* of the resolution, and which of the two networks would you take if the flash memory is large enough for both? (Accuracies: 63.3 % for 0.5-224, 68.0 % for 1.0-160.)
#
# Answer in two or three sentences:

# %% [markdown] lang="ko" of="f69d6948"
# **질문 2 (3점).** 어떤 마이크로컨트롤러의 RAM에는 1.0-224의 특징 맵이 절반쯤만 들어갑니다. 그래서 최대 메모리 사용량을 절반으로 줄이려고 합니다. 0.5-224도 1.0-160도 약 절반입니다. 최대 메모리 사용량이 $\alpha$에 비례하는데 해상도에는 그 **제곱**에 비례하는 이유는 무엇일까요? 어느 쪽이든 플래시 메모리에 들어간다면 어느 네트워크를 고르겠습니까? (정확도: 0.5-224는 63.3%, 1.0-160은 68.0%)
#
# 두세 문장으로 답하세요.

# %% [markdown] lang="en" why="why-memory" points=3
# Input and output of a layer hold $D_F^2 \cdot M$ and $D_G^2 \cdot N$ numbers. Each term contains the channels once and the side twice, so it falls with $\alpha$ and with the square of the resolution. I would take 1.0-160: it needs about as much RAM and is 4.7 percentage points more accurate. Its price is that it has more parameters and makes about twice as many mult-adds as 0.5-224.

# %% [markdown] lang="ko" of="c67e22b1" why="why-memory" points=3
# 한 층의 입력과 출력에는 원소가 $D_F^2 \cdot M$개, $D_G^2 \cdot N$개 있습니다. 두 항 모두 채널 수는 한 번, 한 변의 길이는 두 번 나오므로 $\alpha$에 비례하고 해상도의 제곱에 비례합니다. RAM이 거의 같다면 4.7%p 더 정확한 1.0-160을 고르겠습니다. 그 대신 1.0-160은 0.5-224보다 매개변수가 많고 곱셈-누산도 두 배쯤 많습니다.
