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
# After this lesson you can
#
# - explain why eight tools report eight totals for one network, and get from any of them to any other;
# - find a slip in a printed table with arithmetic alone;
# - state a number so that nobody has to ask what it means.
#
# About 25 minutes. You need: lesson 2 (what a convolution costs). Lesson 4 helps.

# %% [markdown] lang="ko" of="b7ebc515"
# # 5. 누구의 수가 맞나?
#
# 이 수업을 마치면
#
# - 한 네트워크를 두고 여덟 도구가 왜 여덟 가지 합계를 내놓는지 설명하고, 한 합계에서 다른 합계로 옮겨 갈 수 있습니다.
# - 인쇄된 표의 실수를 계산만으로 찾아낼 수 있습니다.
# - 아무도 되물을 필요가 없도록 수를 말할 수 있습니다.
#
# 약 25분. 2강(합성곱의 비용)을 알고 있어야 합니다. 4강까지 들었으면 더 좋습니다.

# %%
try:
    import npmobile as nm
except ImportError as error:
    raise ImportError(
        "install npmobile first: pip install . in its folder, or pip install its wheel, npmobile-*.whl"
    ) from error
from fractions import Fraction

import numpy as np

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## One network, one count
#
# MobileNet 1.0 for pictures of 224 x 224 and 1000 classes. We run it once and let each layer report the multiply-adds (mult-adds) that it executed.

# %% [markdown] lang="ko" of="c2eaab5a"
# ## 네트워크 하나, 센 수 하나
#
# 224 x 224 그림과 1000개 클래스를 위한 MobileNet 1.0입니다. 한 번 실행하면서 층마다 실행한 곱셈-덧셈(mult-add)의 수를 알리게 합시다.

# %%
layers = nm.mobilenet(alpha=1.0, resolution=224, classes=1000)
steps = nm.random_model().forward(np.zeros((1, 224, 224, 3), dtype=np.float32))
mult_adds = sum(step.mult_adds for step in steps)
assert mult_adds == nm.cost.total(nm.cost.table(layers)).mult_adds, "executed and computed should meet"
print(f"{mult_adds:,}")

# %% [markdown] lang="en"
# The paper prints 569 million, and so it agrees. Now ask others. Eight widely used tools, the same network:
#
# **Predict first:** by how much will the largest of their totals exceed the smallest? By 1 %, by 10 %, by more?

# %% [markdown] lang="ko" of="add683fd"
# 논문에는 569 million(5억 6900만)이라고 인쇄되어 있으니 서로 맞습니다. 이제 다른 이들에게 물어봅시다. 널리 쓰이는 도구 여덟 개에 같은 네트워크를 주었습니다.
#
# **먼저 예상해 보세요.** 가장 큰 합계는 가장 작은 합계보다 얼마나 클까요? 1 %? 10 %? 그보다 더?

# %%
tools = nm.paper.tools.TOOLS
for tool in tools:
    print(f"{tool.name:32}{tool.reported:>15,}  {tool.word}")

# %% [markdown] lang="en"
# Eight tools, eight totals, and one is more than twice another. They do not even agree on the word. Did seven of them miscount?

# %% [markdown] lang="ko" of="932464da"
# 도구 여덟에 합계 여덟, 두 배가 넘게 차이 나는 것도 있습니다. 무엇을 셌다고 부르는지도 제각각입니다. 일곱은 잘못 센 것일까요?

# %% [markdown] lang="en"
# ## Small enough for paper
#
# Take a picture of 2 x 2 with $M = 2$ channels and a pointwise convolution to $N = 3$. Batch normalization follows it. **Predict first:** how many mult-adds, and how many numbers come out? And what do these three people report?
#
# - Ann counts multiplications and additions apart.
# - Ben counts mult-adds, and two more for every number that passes batch normalization.
# - Cho counts mult-adds and nothing else.

# %% [markdown] lang="ko" of="eab55700"
# ## 종이에 풀 수 있는 예
#
# 2 x 2 그림에 채널(channel)이 $M = 2$개 있고, 점별 합성곱(pointwise convolution)으로 $N = 3$개를 만듭니다. 그 뒤에 배치 정규화(batch normalization)가 옵니다. **먼저 예상해 보세요.**
# 곱셈-덧셈은 몇 번이고, 나오는 수는 몇 개일까요? 그리고 다음 세 사람은 각각 얼마라고 할까요?
#
# - 안나는 곱셈과 덧셈을 따로 셉니다.
# - 병호는 곱셈-덧셈을 세고, 배치 정규화를 지나는 수마다 둘씩 더합니다.
# - 초희는 곱셈-덧셈만 셉니다.

# %%
y, counted = nm.conv.pointwise_conv(np.ones((1, 2, 2, 2)), np.ones((2, 3)))
print(f"{counted} mult-adds, {y.size} numbers come out")
print("counted apart:", 2 * counted, "  with batch norm:", counted + 2 * y.size, "  mult-adds:", counted)

# %% [markdown] lang="en"
# The first two say 48, and mean different things by it. The third says 24, and is no less right. Two numbers that agree do not show that two people counted the same.

# %% [markdown] lang="ko" of="a04ec104"
# 앞의 두 사람은 똑같이 48이라고 하지만 뜻은 다릅니다. 셋째는 24라고 하는데 역시 틀리지 않았습니다. 두 수가 같다고 해서 두 사람이 같은 것을 센 것은 아닙니다.

# %% [markdown] lang="en"
# ## Every tool in one formula
#
# $$\text{total} = c \cdot \text{mult-adds} + \sum_i n_i \cdot s_i$$
#
# $c$ is 1, or 2 where a multiplication and its addition are counted apart. The $s_i$ are sizes that the network has anyway, and $n_i$ says how often the tool counts each of them. These are the sizes:

# %% [markdown] lang="ko" of="0223a843"
# ## 모든 도구를 식 하나로
#
# $$\text{total} = c \cdot \text{mult-adds} + \sum_i n_i \cdot s_i$$
#
# $c$는 1이거나, 곱셈과 덧셈을 따로 세는 도구라면 2입니다. $s_i$는 네트워크가 본래 지닌 크기이고, $n_i$는 도구가 그것을 몇 번씩 세는지입니다. 크기는 다음과 같습니다.

# %%
for name, size in nm.paper.tools.sizes(layers).items():
    print(f"{name:24}{size:>10,}")

# %%
tool = tools[3]
print(tool.name, tool.version)
for what, count in nm.paper.tools.bridge(layers, tool):
    print(f"{count:>15,}  {what}")

# %% [markdown] lang="en"
# Four operations for each number that passes batch normalization, one for each that enters or leaves the pool. Add the lines up by hand, then compare with the total above. Does this work for all eight, to the last digit?

# %% [markdown] lang="ko" of="afe5c1e0"
# 배치 정규화를 지나는 수마다 연산 넷, 풀링에 들어가고 나오는 수마다 하나씩입니다. 손으로 모두 더해 위의 합계와 견주어 보세요. 여덟 도구 모두 마지막 자리까지 맞을까요?

# %%
bridges = {tool.name: nm.paper.tools.bridge(layers, tool) for tool in tools}
for tool in tools:
    explained = sum(count for _, count in bridges[tool.name])
    assert explained == tool.reported, f"what does {tool.name} count besides mult-adds?"
nm.plots.tool_totals(bridges)

# %% [markdown] lang="en"
# Not one of them miscounted: under every bar lies the same 568,740,352. The large difference is the word: where it says FLOPs, additions are often counted apart, but fvcore says flops and means
# mult-adds. The small differences are what somebody found worth counting.

# %% [markdown] lang="ko" of="4efe446d"
# 잘못 센 도구는 하나도 없습니다. 모든 막대 밑에 같은 568,740,352가 깔려 있습니다. 큰 차이는 낱말에서 옵니다. FLOPs라고 하면 덧셈을 따로 세는 일이 많지만, fvcore는 flops라고 하면서
# 곱셈-덧셈을 셉니다. 작은 차이는 무엇을 셀 가치가 있다고 보았느냐에서 옵니다.

# %% [markdown] lang="en"
# ### Can a factor convert them?
#
# thop's total is 3.6 % above ours. **Predict first:** you read thop's total for the smallest network, 0.25 MobileNet-128. Do you get our number if you take the same 3.6 % off?

# %% [markdown] lang="ko" of="1f24c631"
# ### 곱하기 하나로 바꿀 수 있을까?
#
# thop의 합계는 우리보다 3.6 % 큽니다. **먼저 예상해 보세요.** 가장 작은 네트워크인 0.25 MobileNet-128에 대해 thop이 알려 준 합계에서 똑같이 3.6 %를 빼면 우리의 수가 될까요?

# %%
small = nm.mobilenet(alpha=0.25, resolution=128)
for name, network in (("1.0-224", layers), ("0.25-128", small)):
    ours = nm.cost.total(nm.cost.table(network)).mult_adds
    print(name, *(f"{tool.name} {nm.paper.tools.total(network, tool) / ours:.3f}" for tool in tools[3:6]), sep="   ")

# %% [markdown] lang="en"
# No. In the thin network the extras are 12 %: batch normalization falls with the channels, the pointwise layers with their square. Only the tool that counts nothing extra keeps its factor of exactly 2.
# A convention is a list of what is counted, not a factor.

# %% [markdown] lang="ko" of="52e2adfe"
# 아닙니다. 얇은 네트워크에서는 덤이 12 %입니다. 배치 정규화는 채널 수에 따라 줄지만 점별 합성곱은 그 제곱으로 줄기 때문입니다. 덤을 세지 않는 도구만 정확히 2배를 지킵니다.
# 세는 방식(convention)은 배율이 아니라, 무엇을 세는지 적은 목록입니다.

# %% [markdown] lang="en"
# ### Parameters have conventions, too
#
# Batch normalization has four numbers a channel: scale, offset, mean, variance. Which of them are parameters?

# %% [markdown] lang="ko" of="fc59681b"
# ### 매개변수에도 세는 방식이 있습니다
#
# 배치 정규화에는 채널마다 수가 넷 있습니다. 크기 조절(scale), 이동(offset), 평균, 분산입니다. 이 가운데 어느 것이 매개변수(parameter)일까요?

# %%
weights = nm.cost.total(nm.cost.table(layers)).parameters
channels, biases = nm.paper.tools.sizes(layers)["batch-norm channels"], 1000
print(f"{weights:,}  kernels only")
for numbers in (2, 3, 4):
    print(f"{weights + numbers * channels + biases:,}  with {numbers} numbers a channel, and the classifier's biases")

# %% [markdown] lang="en"
# Kernels only is how the paper's 4.2 million are made; two numbers a channel are those that are trained; three gives the 4.24 million that the page of the released weights prints; four is what Keras prints.
# Each is right, once you say which.

# %% [markdown] lang="ko" of="fbc9dae6"
# 커널만 센 것이 논문의 4.2 million(420만)입니다. 채널마다 둘은 학습되는 것만, 셋은 공개된 가중치의 설명 쪽에 적힌 4.24 million과 맞는 것, 넷은 Keras가 출력하는 수입니다.
# 어느 것인지 밝히기만 하면 모두 맞습니다.

# %% [markdown] lang="en"
# ## The paper beside ours
#
# So before we say that a printed number is wrong, we try other ways to count. `nm.paper` does that for every cost in the paper's 14 tables, by fixed rules, and gives a verdict on each.

# %% [markdown] lang="ko" of="79fc77e9"
# ## 논문과 우리의 계산
#
# 그러니 인쇄된 수가 틀렸다고 하기 전에 다른 세는 방식부터 시험해 보아야 합니다. `nm.paper`는 논문의 표 14개에 나오는 모든 비용에 대해 정해진 규칙대로 그렇게 하고, 하나하나 판정을 내립니다.

# %%
from npmobile.paper.printed import PAPER

cells = [cell for table in PAPER for cell in nm.paper.cells(table)]
for verdict, count in nm.paper.tally(cells).items():
    print(f"{count:3}  {verdict}")

# %% [markdown] lang="en"
# More than half are equal as they stand, and 18 more once the way of counting is named. Twenty cannot be recomputed: a part of the network is private or not described. The slips in what remains, and in the
# text around the tables, come in four families, and arithmetic alone finds each. You have met one like them in lesson 2: a study note swapped $D_K$ and $D_F$ in the cost and again in the check, so that the two agreed.
#
# ### Family 1: a digit, a word
#
# **Predict first.** This is Table 2, the share of each kind of layer in the mult-adds: 94.86 %, 3.06 %, 1.19 %, 0.18 %. One is wrong. You need no network to see that something is.

# %% [markdown] lang="ko" of="515b7fcf"
# 절반이 넘게 그대로 맞고, 18개는 세는 방식을 밝히면 맞습니다. 20개는 네트워크의 일부가 비공개이거나 설명되지 않아 다시 계산할 수 없습니다. 나머지와 표 주변의 본문에 있는 실수는 네 부류로 나뉘고,
# 모두 계산만으로 찾아낼 수 있습니다. 비슷한 것을 2강에서 만났습니다. 어느 학습 노트가 $D_K$와 $D_F$를 비용에서 뒤바꾸고 검산에서도 뒤바꾸어 둘이 맞아떨어진 일입니다.
#
# ### 첫째 부류: 숫자 하나, 낱말 하나
#
# **먼저 예상해 보세요.** 표 2는 곱셈-덧셈에서 층의 종류마다 차지하는 비중입니다. 94.86 %, 3.06 %, 1.19 %, 0.18 %. 하나가 틀렸습니다. 무언가 틀렸다는 것은 네트워크 없이도 알 수 있습니다.

# %%
shares = [Fraction(row[1]) for row in PAPER[1].rows]
print("the column adds up to", float(sum(shares)))
print(f"first convolution: {float(100 * nm.cost.by_kind(layers)['standard'].share):.2f} %")

# %% [markdown] lang="en"
# Shares of a whole should add up to 100, up to rounding. The digits of 1.91 were swapped. The next one is in Table 1: its last depthwise layer is printed with stride 2, input 7 x 7, and the layer after it has input 7 x 7.

# %% [markdown] lang="ko" of="7b38598f"
# 비중을 모두 더하면 반올림 오차를 빼고는 100이어야 합니다. 1.91의 두 숫자가 뒤바뀐 것입니다. 다음은 표 1입니다. 마지막 깊이별 합성곱(depthwise convolution)은 보폭(stride) 2, 입력 7 x 7로
# 인쇄되어 있는데, 그다음 층의 입력도 7 x 7입니다.


# %%
def millions(layers):
    return sum(nm.cost.mult_adds(layer) for layer in layers) / 1e6


as_printed = nm.mobilenet(blocks=(*nm.BLOCKS[:-1], (1024, 2)))
print("7 at stride 2 becomes", as_printed[-4].D_G)
print(f"as printed {millions(as_printed):.1f} million, with stride 1 {millions(layers):.1f} million")

# %% [markdown] lang="en"
# With stride 2 the next layer would see 4 x 4, and the network would miss the paper's own 569 million. Words slip, too: the text at Table 11 says "0.58 Million mult-adds" for a network
# with MobileNet's body and a classifier of 10 million parameters, and Table 14 prints two rows named 0.75 MobileNet-128, one with 166 million and one with 108.

# %% [markdown] lang="ko" of="74396d2d"
# 보폭이 2라면 다음 층은 4 x 4를 보게 되고, 네트워크 전체도 논문 자신의 569 million에 못 미칩니다. 낱말도 틀립니다. 표 11의 본문은 MobileNet의 몸통에 매개변수 1000만 개짜리 분류기를 얹은
# 네트워크를 두고 "0.58 Million mult-adds"라고 합니다. 그리고 표 14에는 0.75 MobileNet-128이라는 행이 둘 있는데, 하나는 166 million, 하나는 108 million입니다.

# %%
with_final = millions(layers[:-1]) + 10
print(f"body and 10 million: {with_final:.1f} million = {with_final / 1000:.2f} billion")
for resolution in (128, 160):
    print(f"body of 0.75-{resolution}: {millions(nm.mobilenet(0.75, resolution)[:-1]):.1f} million")

# %% [markdown] lang="en"
# Billion, not million; and 166 belongs to 0.75-160. (The text at Table 12 has one more: 75 million parameters, where the table prints 7.5.)
#
# ### Family 2: rounded, or cut off?
#
# **Predict first:** Tables 7, 9 and 12 print 290, 76 and 48. What would you have printed for the counts below?

# %% [markdown] lang="ko" of="ad88f5d2"
# million이 아니라 billion이고, 166은 0.75-160의 것입니다. (표 12의 본문에도 하나 더 있습니다. 매개변수가 75 million이라고 하는데 표에는 7.5입니다.)
#
# ### 둘째 부류: 반올림인가, 버림인가?
#
# **먼저 예상해 보세요.** 표 7, 9, 12에는 290, 76, 48이 인쇄되어 있습니다. 아래의 수라면 여러분은 무엇이라고 쓰겠습니까?

# %%
print(f"{millions(nm.mobilenet(1.0, 160)):.3f}   {millions(nm.mobilenet(0.5, 160)):.3f}", end="   ")
print(f"{millions(nm.mobilenet(0.5, 128)[:-1]):.3f} (without the classifier)")
half = millions(nm.mobilenet(0.5, 224))
print(f"0.5-224: {half:.3f}, rounded once {half:.0f}, rounded twice {half:.1f} and then {round(half, 1):.0f}")

# %% [markdown] lang="en"
# Cut off three times, where the other numbers of the same tables are rounded. The page of the released weights has the opposite: 150 for 149.497, rounded twice.
#
# ### Family 3: two conventions in one table
#
# In Table 4 MobileNet stands beside its twin of standard convolutions: 569 against 4866. In Table 10 MobileNet tells 120 breeds of dogs apart: 569 million mult-adds, 3.3 million parameters.

# %% [markdown] lang="ko" of="4c669c4a"
# 같은 표의 다른 수는 반올림했는데 이 셋은 버렸습니다. 공개된 가중치의 설명 쪽은 반대입니다. 149.497을 두 번 반올림해 150이라고 적었습니다.
#
# ### 셋째 부류: 한 표에 두 가지 세는 방식
#
# 표 4에는 MobileNet이 표준 합성곱(standard convolution)으로 된 쌍둥이와 나란히 있습니다. 569와 4866입니다. 표 10에서는 MobileNet이 개의 품종 120가지를 구별합니다. 곱셈-덧셈 569 million, 매개변수 3.3 million입니다.

# %%
twin, dogs = nm.mobilenet(separable=False), nm.mobilenet(classes=120)
print(f"twin: {millions(twin):.1f} with its classifier, {millions(twin[:-1]):.1f} without")
print(f"dogs: {millions(dogs):.1f} million mult-adds", end=", ")
print(f"{nm.cost.total(nm.cost.table(dogs)).parameters / 1e6:.1f} million parameters")

# %% [markdown] lang="en"
# 4866 leaves the classifier out and the 569 beside it does not. The dogs' 3.3 million parameters belong to 120 classes, their 569 million mult-adds to 1000. Both differences are small. This one is not: Table 9
# gives SqueezeNet 1700 million beside 76 for MobileNet 0.5-160, and the text says "22x less computation".

# %% [markdown] lang="ko" of="ee77e94b"
# 4866에는 분류기가 빠져 있고 옆의 569에는 들어 있습니다. 표 10의 매개변수 3.3 million은 클래스 120개의 것이고 곱셈-덧셈 569 million은 1000개의 것입니다. 둘 다 차이는 작습니다. 다음은 작지 않습니다.
# 표 9에는 SqueezeNet이 1700 million, MobileNet 0.5-160이 76으로 나란히 있고, 본문은 "22x less computation"(22배 적은 계산)이라고 합니다.

# %%
from npmobile.paper.networks import squeezenet

squeeze, ours = squeezenet().mult_adds / 1e6, millions(nm.mobilenet(0.5, 160))
print(f"SqueezeNet: {squeeze:.1f} million mult-adds, {2 * squeeze:.1f} if additions are counted apart")
print(f"1700 / 76 = {1700 / 76:.1f}, but like with like {squeeze:.1f} / {ours:.1f} = {squeeze / ours:.1f}")
print(f"accuracy: 60.2 - 57.5 = {60.2 - 57.5:.1f} and 60.2 - 57.2 = {60.2 - 57.2:.1f} points")

# %% [markdown] lang="en"
# 22 times became 11 times, because one row counts operations and the other mult-adds. And "4% better", as the text has it, is 2.7 and 3.0 points by its own table. MobileNet is still cheaper and more accurate: the finding stands, the
# factor does not.
#
# ### Family 4: the number of another network
#
# The page of the released weights prints 317 million for 0.75-224, but the paper prints 325. **Predict first:** which single layer could be different?

# %% [markdown] lang="ko" of="01740bd2"
# 22배가 11배가 되었습니다. 한 행은 연산을, 다른 행은 곱셈-덧셈을 셌기 때문입니다. 본문의 "4% better"도 그 표대로라면 2.7점과 3.0점입니다. MobileNet이 더 값싸고 더 정확하다는 결론은 그대로이고, 배율만 달라집니다.
#
# ### 넷째 부류: 다른 네트워크의 수
#
# 공개된 가중치의 설명 쪽에는 0.75-224가 317 million이라고 적혀 있지만, 논문에는 325입니다. **먼저 예상해 보세요.** 어느 층 하나가 다르면 이렇게 될까요?

# %%
from npmobile.paper.readings import first_layer_of

for alpha, resolution in ((0.75, 224), (0.75, 192), (0.75, 160), (0.75, 128), (0.25, 192)):
    own = nm.mobilenet(alpha, resolution)
    print(f"{alpha}-{resolution}: {own[0].N} channels {millions(own):.1f}", end=", ")
    print(f"16 channels {millions(first_layer_of(16, own)):.1f}")
faces = [first_layer_of(16, nm.mobilenet(0.25, resolution)[:-1]) for resolution in (224, 128)]
print("0.25 without a classifier, 16 channels:", *(f"{millions(layers):.2f}" for layers in faces))

# %% [markdown] lang="en"
# All five numbers on that page (317, 233, 162, 104, 34) fit a first layer of 16 channels. At $\alpha = 0.75$ it has 24, at 0.25 it has 8. Somebody counted a neighbour of the network. The same 16 channels explain the 45 (cut off once more) and the 15 of Table 12.
#
# Here are all the slips that we know, each with its arithmetic in `nm.paper`:

# %% [markdown] lang="ko" of="ac3f118f"
# 그 쪽의 다섯 수(317, 233, 162, 104, 34)가 모두 첫 층이 16채널일 때와 맞습니다. $\alpha = 0.75$라면 24채널, 0.25라면 8채널이어야 합니다. 이웃 네트워크를 센 것입니다. 표 12의 45(이것도 버림입니다)와 15도 같은 16채널로 설명됩니다.
#
# 우리가 아는 실수를 모두 적으면 다음과 같습니다. 하나하나의 계산은 `nm.paper`에 있습니다.

# %%
for slip in nm.paper.list_errata():
    print(f"{slip.where}\n    printed {slip.printed}; right {slip.right}")

# %% [markdown] lang="en"
# The last two stand in a program, not in the paper: the header of Keras' MobileNet. It printed 529 million at every resolution, and it calls its `depth_multiplier` the resolution multiplier. Try what that argument does to the count:

# %% [markdown] lang="ko" of="93d189d6"
# 마지막 둘은 논문이 아니라 프로그램에 있습니다. Keras의 MobileNet 파일 머리말입니다. 모든 해상도에 529 million이라고 적었고, `depth_multiplier`를 해상도 배수(resolution multiplier)라고 부릅니다. 그 인자가 센 수를 어떻게 바꾸는지 봅시다.

# %%
print([f"{millions(nm.mobilenet(1.0, resolution)):.0f}" for resolution in (224, 192, 160, 128)])
kinds = nm.cost.by_kind(layers)
deep = sum(row.mult_adds * (2 if kind in ("depthwise", "pointwise") else 1) for kind, row in kinds.items())
print(f"two depthwise kernels a channel: {deep / 1e6:.1f} million")
print(f"resolution 448: {millions(nm.mobilenet(1.0, 448)):.1f}, alpha 2: {millions(nm.mobilenet(2.0)):.1f}")

# %% [markdown] lang="en"
# `depth_multiplier` is how many depthwise kernels each channel gets. With 2 the depthwise and the pointwise layers cost twice as much. Doubling the resolution or $\alpha$ costs nearly four times as much: it is neither of the two.

# %% [markdown] lang="ko" of="eaa3665a"
# `depth_multiplier`는 채널마다 깊이별 커널을 몇 개 두느냐입니다. 2라면 깊이별 층과 점별 층의 비용이 두 배가 됩니다. 해상도나 $\alpha$를 두 배로 하면 거의 네 배가 됩니다. 그러니 둘 중 어느 것도 아닙니다.

# %% [markdown] lang="en"
# The list of slips is long, and harmless: hardly any of it changes what the paper found. Such slips stand in many papers. And what if *no* way of counting gives the printed number? Then say that:

# %% [markdown] lang="ko" of="f39658bf"
# 실수 목록은 길지만 해롭지는 않습니다. 논문의 결론을 바꾸는 것은 거의 없습니다. 이런 실수는 많은 논문에 있습니다. 그런데 *어떤* 방식으로 세어도 인쇄된 수가 나오지 않는다면? 그렇다고 말하면 됩니다.

# %%
for cell in cells:
    if cell.verdict == "differs":
        print(f"{cell.table}, {cell.row}: printed {cell.printed}, ours {cell.ours / 1e6:.1f} million: {cell.why}")

# %% [markdown] lang="en"
# ## The habit
#
# Whose number is right? All of them, if they say what they count. Five things make a number that others can check:
#
# 1. the network: widths, resolution, classes;
# 2. the unit: mult-adds, or multiplications and additions apart;
# 3. what is counted besides: bias, batch normalization, ReLU, pool, softmax; and whether products with padding zeros are;
# 4. one picture, or a batch;
# 5. the exact count, or how it was rounded.

# %% [markdown] lang="ko" of="6f27efce"
# ## 습관
#
# 누구의 수가 맞나요? 무엇을 셌는지 밝힌다면 모두 맞습니다. 다섯 가지를 밝히면 다른 사람이 확인할 수 있는 수가 됩니다.
#
# 1. 네트워크: 너비, 해상도, 클래스 수
# 2. 단위: 곱셈-덧셈인가, 곱셈과 덧셈을 따로 세었는가
# 3. 그 밖에 센 것: 편향, 배치 정규화, ReLU, 풀링, 소프트맥스, 그리고 채움(padding)의 0과 곱한 것도 세었는가
# 4. 그림 한 장인가, 묶음(batch)인가
# 5. 정확한 수인가, 아니면 어떻게 반올림했는가

# %%
print(
    f"MobileNet v1, alpha 1.0, 224 x 224, 1000 classes, one picture: {mult_adds:,} mult-adds\n"
    "(a multiplication with its addition is one; products with padding zeros are counted;\n"
    "bias, batch norm, ReLU, pool and softmax are not)."
)

# %% [markdown] lang="en"
# Three lines, and nobody has to ask. Put such a sentence under the next table that you print.

# %% [markdown] lang="ko" of="427a3c49"
# 세 줄이면 아무도 되묻지 않습니다. 다음에 표를 만들면 그 밑에 이런 문장을 적으세요.

# %% [markdown] lang="en"
# ## Exercises
#
# 1. By hand: a picture of 2 x 2, $M = 4$, a pointwise convolution to $N = 3$, then batch normalization. What would a tool say that counts additions apart? One that adds four for each number that passes batch normalization, as thop does? Two, as fvcore?
# 2. A blog says "MobileNet needs 1.1 GFLOPs", a paper "0.57 GMACs". Do they contradict each other?
# 3. Table 10 also prints 325 for 0.75 MobileNet-224 and its 120 breeds. Work it out with `nm.mobilenet(0.75, 224, classes=120)`. Why is there no slip in this row of the list?
# 4. Table 4 is printed to show how much the split saves. Work out the ratio from the printed numbers and from like with like. Does the slip matter? Do the same for Table 9. What makes the difference?
# 5. Discuss: in Table 2 the sum gave the slip away. Which simple check would have found each of the four families before printing?
#
# <details><summary>Answers</summary>
#
# 1. Mult-adds $4 \cdot 3 \cdot 4 = 48$, and 12 numbers come out. Apart: 96. thop's way: $48 + 4 \cdot 12 = 96$, the same number with another meaning. fvcore's way: $48 + 2 \cdot 12 = 72$.
# 2. No: $2 \cdot 568.7 = 1137.5$ million operations are 1.1 G, if additions are counted apart, and 568.7 million are 0.57 G.
# 3. It has 324.7 million, the 1000-class network 325.4. Both round to 325, so nobody can tell which was meant. Rounding hides it.
# 4. $4866 / 569 = 8.55$ and $4867.3 / 568.7 = 8.56$: a million in 4866 is nothing. In Table 9 it is 22 against 11: a factor of 2 in one of the two rows goes straight into the ratio.
# 5. Digits and words: sums, and whether each row fits the next. Rounding: one rule for a table, done by a program. Conventions: the sentence of this lesson under each table. Another network: compute the column from the same
#    description that builds the network, and never by hand.
#
# </details>

# %% [markdown] lang="ko" of="368abf25"
# ## 연습 문제
#
# 1. 손으로: 2 x 2 그림, $M = 4$, 점별 합성곱으로 $N = 3$, 그다음 배치 정규화입니다. 덧셈을 따로 세는 도구는 얼마라고 할까요? thop처럼 배치 정규화를 지나는 수마다 넷을 더하는 도구는요? fvcore처럼 둘을 더하는 도구는요?
# 2. 어느 블로그는 "MobileNet은 1.1 GFLOPs", 어느 논문은 "0.57 GMACs"라고 합니다. 서로 모순인가요?
# 3. 표 10은 품종 120가지를 구별하는 0.75 MobileNet-224도 325라고 합니다. `nm.mobilenet(0.75, 224, classes=120)`으로 구해 보세요. 왜 이 행은 실수 목록에 없을까요?
# 4. 표 4는 나누기가 얼마나 절약하는지 보이려는 표입니다. 인쇄된 수의 비와, 같은 방식으로 센 수의 비를 각각 구해 보세요. 이 실수가 중요한가요? 표 9도 똑같이 해 보세요. 무엇이 다른가요?
# 5. 토론: 표 2의 실수는 합계에서 드러났습니다. 네 부류의 실수를 인쇄하기 전에 찾아낼 간단한 검사는 각각 무엇일까요?
#
# <details><summary>답</summary>
#
# 1. 곱셈-덧셈은 $4 \cdot 3 \cdot 4 = 48$번이고 나오는 수는 12개입니다. 따로 세면 96입니다. thop 방식은 $48 + 4 \cdot 12 = 96$, 같은 수지만 뜻이 다릅니다. fvcore 방식은 $48 + 2 \cdot 12 = 72$입니다.
# 2. 아닙니다. 덧셈을 따로 세면 $2 \cdot 568.7 = 1137.5$ million, 곧 1.1 G이고, 568.7 million은 0.57 G입니다.
# 3. 이 네트워크는 324.7 million, 클래스 1000개짜리는 325.4 million입니다. 둘 다 반올림하면 325이니 어느 쪽인지 알 수 없습니다. 반올림이 가려 줍니다.
# 4. $4866 / 569 = 8.55$이고 $4867.3 / 568.7 = 8.56$입니다. 4866에서 백만 번은 아무것도 아닙니다. 표 9는 22와 11입니다. 두 행 가운데 하나에만 든 2배는 그대로 비에 들어갑니다.
# 5. 숫자와 낱말: 합계를 내 보고, 각 행이 다음 행과 이어지는지 봅니다. 반올림: 표마다 규칙 하나, 그것도 프로그램으로 합니다. 세는 방식: 표마다 이 수업의 문장을 적습니다. 다른 네트워크: 네트워크를 만드는
#    바로 그 기술에서 열을 계산하고, 손으로 적지 않습니다.
#
# </details>
