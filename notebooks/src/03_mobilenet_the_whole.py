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
# After this lesson you can
#
# - read the network as a table, and find the row of the paper's Table 1 that cannot be right;
# - follow a digit and a photograph through it, layer by layer, and check the count of every step;
# - say which kind of layer has the mult-adds and which has the parameters, and correct a number in the paper's Table 2.
#
# About 25 minutes. You need: depthwise and pointwise convolutions and what they cost (lesson 2).

# %% [markdown] lang="ko" of="b4b47572"
# # 3. MobileNet 전체
#
# 이 수업을 마치면
#
# - 네트워크를 표로 읽고, 논문의 표 1에서 맞을 수 없는 행을 찾아낼 수 있습니다.
# - 숫자 그림과 사진을 한 층씩 따라가며, 단계마다 센 수를 확인할 수 있습니다.
# - 곱셈-덧셈(mult-add)과 매개변수(parameter)가 각각 어느 종류의 층에 몰려 있는지 말하고, 논문의 표 2에서 수 하나를 바로잡을 수 있습니다.
#
# 약 25분. 깊이별 합성곱(depthwise convolution)과 점별 합성곱(pointwise convolution), 그리고 그 비용을 알고 있으면 됩니다(2강).

# %%
try:
    import npmobile as nm
except ImportError as error:
    raise ImportError(
        "install npmobile first: pip install . in its folder, or pip install its wheel, npmobile-*.whl"
    ) from error
import inspect

import numpy as np

_ = nm.language.use("en")
# %% [markdown] lang="en"
# ## The network is a table
#
# One standard convolution; thirteen times a depthwise and a pointwise one; an average over what is left of the picture; a classifier. That is all of MobileNet. Thirteen pairs of numbers describe
# the middle: how many channels come out, and the stride of the depthwise half.

# %% [markdown] lang="ko" of="c5368c9f"
# ## 네트워크는 표다
#
# 표준 합성곱(standard convolution) 하나, 깊이별과 점별의 짝 열세 번, 남은 그림의 평균, 분류기. 이것이 MobileNet의 전부입니다. 가운데 부분은 수의 짝 열세 개로 적을 수 있습니다.
# 나오는 채널(channel)의 수와, 깊이별 합성곱의 보폭(stride)입니다.

# %%
print(np.array(nm.BLOCKS).T)  # channels above, strides below
code = inspect.getsource(nm.mobilenet)
print(code[code.index("    layers = [") :])

# %% [markdown] lang="en"
# Each layer takes its $M$ and its $D_F$ from the one before it. **Predict first:** a picture of 224 x 224 goes in. Five layers have stride 2. Which side is left at the end? And how many layers have weights?

# %% [markdown] lang="ko" of="25154717"
# 층마다 $M$과 $D_F$를 바로 앞 층에서 물려받습니다. **먼저 예상해 보세요.** 224 x 224 그림이 들어갑니다. 보폭이 2인 층이 다섯입니다. 마지막에 남는 변은 얼마일까요? 그리고 가중치가 있는 층은 모두 몇 개일까요?

# %%
layers = nm.mobilenet()
for row in nm.cost.table(layers):
    kernel, size = (" x ".join(map(str, shape)) for shape in (row.kernel, row.shape_in))
    print(f"{row.name:11} s{row.stride}  {kernel:18} {size}")

# %%
assert 224 // 2**5 == layers[-2].D_F == 7, "five halvings"
assert len(nm.weights.shapes(layers)) == 28, "the paper's section 3.2 counts 28 layers: conv1, 13 pairs, fc"

# %% [markdown] lang="en"
# Name, stride, kernel, input: these are the columns of the paper's Table 1. The picture shrinks from 224 to 7 while the channels grow from 3 to 1024.

# %% [markdown] lang="ko" of="5c43ba3e"
# 이름, 보폭, 커널, 입력. 논문의 표 1과 같은 열입니다. 그림은 224에서 7로 줄고, 채널은 3개에서 1024개로 늘어납니다.

# %% [markdown] lang="en"
# ## A row that cannot be right
#
# Here are the last rows as the paper prints them: type and stride, kernel, input size. **Predict first:** one row contradicts the row below it. Which one?

# %% [markdown] lang="ko" of="db113f16"
# ## 맞을 수 없는 행
#
# 논문에 인쇄된 마지막 행들입니다. 종류와 보폭, 커널, 입력 크기입니다. **먼저 예상해 보세요.** 한 행이 바로 아래 행과 어긋납니다. 어느 행일까요?

# %%
from npmobile.paper.printed import PAPER

for kind, kernel, size, _ in PAPER[0].rows[-7:]:
    print(f"{kind:14} {kernel:15} {size}")

# %%
slip = nm.mobilenet(blocks=(*nm.BLOCKS[:-1], (1024, 2)))
for name, network in (("stride 1", layers), ("stride 2", slip)):
    bill = nm.cost.total(nm.cost.table(network))
    print(f"{name}: conv_pw_13 sees side {network[-3].D_F}, {bill.mult_adds / 1e6:.1f} million mult-adds")

# %% [markdown] lang="en"
# The last depthwise row says stride 2, but the row below it still gets 7 x 7. With stride 2 it would get 4 x 4, and the network would have 533.8 million mult-adds; the paper's own total is 569 (Table 6). So the stride is 1,
# and the table slipped. Two of its own numbers told us, no authority was needed.

# %% [markdown] lang="ko" of="6e627601"
# 마지막 깊이별 행은 보폭이 2라고 하는데, 그 아래 행의 입력은 여전히 7 x 7입니다. 보폭이 2라면 4 x 4가 되고, 네트워크 전체는 5억 3380만 번이 됩니다. 논문의 총계는 569(백만, 표 6)입니다.
# 따라서 보폭은 1이고, 표가 틀렸습니다. 권위에 기대지 않고 논문의 수끼리 맞추어 보아 알아냈습니다.

# %% [markdown] lang="en"
# ## One loop walks it
#
# The forward pass reads the same table. Behind every convolution come batch normalization and ReLU6, which cuts off below 0 and above 6; neither is counted, as in the paper.

# %% [markdown] lang="ko" of="308877f5"
# ## 반복문 하나로 걷기
#
# 순전파(forward pass)도 같은 표를 읽습니다. 합성곱마다 뒤에 배치 정규화(batch normalization)와 ReLU6이 옵니다. ReLU6은 0보다 작은 값과 6보다 큰 값을 잘라 냅니다. 논문처럼 둘 다 세지 않습니다.

# %%
print(inspect.getsource(nm.network._walk))

# %% [markdown] lang="en"
# ## A digit goes through
#
# The package brings a small MobileNet that was trained to read handwritten digits: a quarter of the channels, pictures of 32 x 32, ten classes. Its weights are real. This digit was not among those it was trained on.

# %% [markdown] lang="ko" of="9fd22e63"
# ## 숫자 그림이 지나가는 길
#
# 패키지에는 손글씨 숫자를 읽도록 훈련한 작은 MobileNet이 들어 있습니다. 채널은 4분의 1, 그림은 32 x 32, 분류는 열 가지입니다. 가중치는 진짜로 훈련한 것입니다. 아래 숫자는 훈련에 쓰지 않은 그림입니다.

# %%
model = nm.digits()
x, labels = nm.digits_test()
nm.plots.guesses((1 - x[0]) / 2, model.classify(x[0], k=3))

# %%
steps = list(model.forward(x[:1]))
for layer, y, mult_adds in steps:
    print(f"{layer.name:11} {y.shape!s:16} {mult_adds:7,}")

# %% [markdown] lang="en"
# The shape is (B, H, W, channels). From 32 x 32 the side goes down to 16, 8, 4, 2 and 1, until nothing is left to average. What does the network see on the way? The first three layers, eight channels each, dark where large:

# %% [markdown] lang="ko" of="90983b64"
# 모양은 (B, H, W, 채널)입니다. 변은 32에서 16, 8, 4, 2, 1로 줄어 나중에는 평균을 낼 것도 없습니다. 그 길에서 네트워크는 무엇을 볼까요? 처음 세 층의 특징 맵(feature map)을 여덟 채널씩 봅시다. 값이 클수록 어둡습니다.

# %%
nm.plots.feature_maps(steps[0].y)

# %%
nm.plots.feature_maps(steps[1].y)

# %%
nm.plots.feature_maps(steps[2].y)

# %% [markdown] lang="en"
# In the first row, channel 7 follows the ink, channel 6 the paper around it. Compare the first two rows column by column: the depthwise layer works on each channel alone, so channel 7 is still the ink. In the third row the columns belong together no longer.
#
# **Predict first.** We add 1 to channel 0 of the first row, everywhere, and run the next convolution. Which channels of its output change, if it is depthwise? And if it is pointwise?

# %% [markdown] lang="ko" of="6f946c4f"
# 첫째 줄에서 7번 채널은 잉크를, 6번 채널은 그 둘레의 종이를 따라갑니다. 첫째 줄과 둘째 줄을 세로로 짝지어 보세요. 깊이별 층은 채널마다 따로 일하므로 7번은 여전히 잉크입니다. 셋째 줄에서는 위아래 짝이 더는 맞지 않습니다.
#
# **먼저 예상해 보세요.** 첫째 줄의 0번 채널 전체에 1을 더하고 다음 합성곱을 해 봅니다. 깊이별이라면 출력의 어느 채널이 바뀔까요? 점별이라면요?

# %%
before = steps[0].y
after = before + np.eye(8, dtype=np.float32)[0]  # 1 more in channel 0
for name, conv in (("conv_dw_1", nm.conv.depthwise_conv), ("conv_pw_1", nm.conv.pointwise_conv)):
    kernel = model.weights[name]["kernel"]
    change = conv(after, kernel)[0] != conv(before, kernel)[0]
    print(name, "changes in channels", np.flatnonzero(change.any(axis=(0, 1, 2))))

# %% [markdown] lang="en"
# Filtering keeps the channels apart, combining mixes them: the two halves of lesson 2, seen in a network that someone trained.

# %% [markdown] lang="ko" of="23b0d98f"
# 거르기는 채널을 섞지 않고, 합치기는 모두 섞습니다. 2강의 두 절반을 훈련된 네트워크에서 눈으로 보았습니다.

# %% [markdown] lang="en"
# ## Does every step cost what the formula says?
#
# Each step brought the size of the product that it ran. The formula knows only the table. And the nested loops of lesson 1 can run the whole network too, one multiply-add at a time.

# %% [markdown] lang="ko" of="898411d7"
# ## 단계마다 식과 같은가?
#
# 단계마다 자기가 실행한 곱의 크기를 알려 주었습니다. 식은 표밖에 모릅니다. 그리고 1강의 겹친 반복문으로도 네트워크 전체를 곱셈-덧셈 한 번씩 실행할 수 있습니다.

# %%
by_loops = list(model.forward(x[:1], kernels=nm.loops))
for step, slow in zip(steps, by_loops):
    assert step.mult_adds == slow.mult_adds == nm.cost.mult_adds(step.layer), step.layer.name
assert np.allclose(steps[-1].y, by_loops[-1].y, atol=1e-3), "same arithmetic, so the same answer"
print(f"{sum(step.mult_adds for step in steps):,} mult-adds, three times")

# %% [markdown] lang="en"
# Three witnesses, 29 steps, not one mult-add apart.

# %% [markdown] lang="ko" of="f7423f8d"
# 증인은 셋, 단계는 29개, 곱셈-덧셈 한 번도 어긋나지 않았습니다.

# %% [markdown] lang="en"
# ## A photograph goes through
#
# Now the network at full size, for 224 x 224 pixels and 1000 classes. The picture is Grace Hopper, who wrote one of the first compilers; it comes with matplotlib. **The weights are random here**, because trained ones
# are a file to be fetched (lesson 7). So every shape and every count is right, and the answer means nothing.

# %% [markdown] lang="ko" of="a79a75d0"
# ## 사진이 지나가는 길
#
# 이제 제 크기의 네트워크입니다. 그림은 224 x 224 픽셀, 분류는 1000가지입니다. 사진의 주인공은 최초의 컴파일러 가운데 하나를 만든 그레이스 호퍼이고, 사진은 matplotlib에 들어 있습니다. **여기서는 가중치가 무작위입니다.** 훈련된 가중치는
# 따로 받아야 하는 파일이기 때문입니다(7강). 그래서 모양과 센 수는 모두 맞지만, 대답에는 아무 뜻이 없습니다.

# %%
from matplotlib.cbook import get_sample_data

photo = get_sample_data("grace_hopper.jpg", asfileobj=False)
untrained = nm.random_model()
picture = untrained.prepare(photo)  # (224, 224, 3), from -1 to 1
print(*(f"{label}: {probability:.4f}" for label, probability in untrained.classify(photo, k=3)), sep="   ")
nm.plots.gallery([(picture + 1) / 2], ["224 x 224 x 3"])

# %%
photo_steps = {step.layer.name: step for step in untrained.forward(picture[np.newaxis])}
nm.plots.feature_maps(photo_steps["conv1"].y)

# %%
nm.plots.feature_maps(photo_steps["conv_pw_3"].y)

# %%
nm.plots.feature_maps(photo_steps["conv_pw_6"].y)

# %% [markdown] lang="en"
# No class gets even three thousandths: nobody has told this network anything. Yet the first row shows lights, darks and edges. Random filters are filters too. Further in, at 56 x 56 and at 14 x 14, the face goes under; only training could say what is worth keeping.

# %% [markdown] lang="ko" of="8c77a096"
# 어느 분류도 1000분의 3에 미치지 못합니다. 이 네트워크에게는 아무도 무엇을 가르치지 않았습니다. 그런데도 첫 줄에는 밝은 곳, 어두운 곳, 윤곽이 보입니다. 무작위 필터도 필터이기 때문입니다. 56 x 56, 14 x 14로 더 들어가면 얼굴은 사라집니다. 무엇을 남길지는 훈련만이 알려 줄 수 있습니다.

# %%
executed = sum(step.mult_adds for step in photo_steps.values())
assert all(step.mult_adds == nm.cost.mult_adds(step.layer) for step in photo_steps.values()), "which layer?"
print(f"{executed:,} mult-adds were run, {round(executed / 1e6)} million; the paper's Table 6 says 569")

# %% [markdown] lang="en"
# ## Where do they sit?
#
# **Predict first.** Which kind of layer makes most of the mult-adds? Which holds most of the parameters? Is there a layer that is dear in one and cheap in the other?

# %% [markdown] lang="ko" of="7b711c34"
# ## 어디에 몰려 있을까?
#
# **먼저 예상해 보세요.** 곱셈-덧셈은 어느 종류의 층에 가장 많을까요? 매개변수는요? 한쪽은 비싸고 다른 쪽은 싼 층이 있을까요?

# %%
nm.plots.by_layer(nm.cost.table(layers))

# %% [markdown] lang="en"
# On the left the long bars are pointwise layers, all along the network, and they come in two lengths only (exercise 3 asks why). On the right the bars grow towards the end. The last two, `conv_pw_13` and the classifier, hold about half of all parameters, and the classifier is almost free in mult-adds:

# %% [markdown] lang="ko" of="3e945381"
# 왼쪽에서 긴 막대는 네트워크 전체에 걸친 점별 층이고, 길이가 두 가지뿐입니다(왜 그런지는 연습 문제 3번). 오른쪽 막대는 끝으로 갈수록 길어집니다. 마지막 둘, `conv_pw_13`과 분류기가 전체 매개변수의 절반쯤을 차지합니다. 그런데 분류기의 곱셈-덧셈은 거의 없습니다.

# %%
*_, last, _, classifier = nm.cost.table(layers)
print(f"parameters of both: {float(last.parameter_share + classifier.parameter_share):.1%}")
print(f"mult-adds of the classifier: {float(classifier.share):.2%}")

# %% [markdown] lang="en"
# ## Table 2, and two digits that changed places
#
# The paper adds the same bars up by kind. Our shares beside the printed ones, in percent:

# %% [markdown] lang="ko" of="cbb4019f"
# ## 표 2, 그리고 자리를 바꾼 두 숫자
#
# 논문은 같은 막대를 종류별로 더합니다. 우리 몫과 인쇄된 몫을 퍼센트로 나란히 놓아 봅시다.

# %%
ours = nm.cost.by_kind(layers)
printed = dict(zip(("pointwise", "depthwise", "standard", "fully_connected"), PAPER[1].rows))
print(" " * 16, "mult-adds: ours, paper   parameters: ours, paper")
for kind, (_, mult_adds, parameters) in printed.items():
    share, parameter_share = float(100 * ours[kind].share), float(100 * ours[kind].parameter_share)
    print(f"{kind:16} {share:15.2f} {mult_adds:>6} {parameter_share:18.2f} {parameters:>6}")

# %% [markdown] lang="en"
# Seven of the eight numbers agree to the last digit. The first convolution has 1.91 % here and 1.19 % there. Who is right? Add the printed column up:

# %% [markdown] lang="ko" of="6f7dd675"
# 여덟 수 가운데 일곱은 마지막 자리까지 같습니다. 첫 합성곱은 여기서 1.91 %, 논문에서 1.19 %입니다. 누가 맞을까요? 인쇄된 열을 더해 봅시다.

# %%
column = [round(100 * float(row[1])) for row in printed.values()]  # in hundredths, so that sums are exact
print(sum(column) / 100, "as printed,", (sum(column) - 119 + 191) / 100, "with 1.91")

# %% [markdown] lang="en"
# 99.29 is too far from 100 for rounding; with the digits put right it is 100.01, as near as four rounded numbers come. The column itself says that two digits were swapped. Shares should always be added up.

# %% [markdown] lang="ko" of="8086fd31"
# 99.29는 반올림 탓으로 보기에는 100에서 너무 멉니다. 두 숫자의 자리를 바로잡으면 100.01이고, 반올림한 네 수의 합으로 알맞습니다. 두 숫자가 뒤바뀌었다고 열 스스로 말해 줍니다. 몫을 보면 언제나 더해 보세요.

# %% [markdown] lang="en"
# ## The digits, recognised
#
# Back to the trained network. **Predict first:** of 360 digits that it has never seen, how many does it read right?

# %% [markdown] lang="ko" of="ea4ce7b3"
# ## 숫자 읽기
#
# 훈련된 네트워크로 돌아옵시다. **먼저 예상해 보세요.** 한 번도 보지 못한 숫자 360개 가운데 몇 개를 바르게 읽을까요?

# %%
guesses = model.predict(x).argmax(axis=1)
wrong = np.flatnonzero(guesses != labels)
print(len(labels) - len(wrong), "of", len(labels))
nm.plots.gallery([x[i, :, :, 0] for i in wrong], [f"{labels[i]} → {guesses[i]}" for i in wrong])

# %% [markdown] lang="en"
# 355 of 360. Above each picture that it misread stands what was written, then what it read. Cover the titles: would you have read all five?
#
# One last question to it. What does it say of the photograph?

# %% [markdown] lang="ko" of="fa671975"
# 360개 가운데 355개입니다. 잘못 읽은 그림마다 위에 원래 숫자와 네트워크가 읽은 숫자를 적었습니다. 제목을 가리고 보세요. 여러분은 다섯을 모두 읽을 수 있나요?
#
# 마지막으로 하나만 더 물어봅시다. 이 네트워크는 사진을 보고 무엇이라고 할까요?

# %%
nm.plots.guesses((model.prepare(photo) + 1) / 2, model.classify(photo, k=3))

# %% [markdown] lang="en"
# A nine, and it is quite sure. The network can only say digits, and its ten probabilities must add up to 1. A high probability is no knowledge of what it has never seen.

# %% [markdown] lang="ko" of="330b2ac0"
# 9라고, 그것도 꽤 자신 있게 말합니다. 이 네트워크는 숫자밖에 말할 줄 모르고, 확률 열 개의 합은 1이어야 합니다. 확률이 높다고 해서 본 적 없는 것을 아는 것은 아닙니다.

# %% [markdown] lang="en"
# ## Exercises
#
# 1. A picture of 160 x 160 goes in. Which side does the pool see? And for 200 x 200, where not every halving is even?
# 2. The classifier holds 24.33 % of the parameters. What is its share with 10 classes instead of 1000? Use `nm.mobilenet(classes=10)`.
# 3. By hand: what do `conv_pw_3`, `conv_pw_5`, `conv_pw_7` and `conv_pw_13` cost ($M \cdot N \cdot D_F \cdot D_F$)? Why is it the same each time, and why do some others cost half?
# 4. The shallow network of Table 5 is `nm.mobilenet(blocks=nm.BLOCKS[:6] + nm.BLOCKS[11:])`. Which layers are gone? How many million mult-adds are left, and what does Table 5 print?
# 5. Discuss: where would you take layers away to save parameters, and where to save mult-adds?
#
# <details><summary>Answers</summary>
#
# 1. $160 / 32 = 5$. For 200: 100, 50, 25, 13, 7, as the side is rounded up.
# 2. $10{,}240 / 3{,}195{,}328 = 0.32$ %.
# 3. $51{,}380{,}224$ each: $128 \cdot 128 \cdot 56^2$, $256 \cdot 256 \cdot 28^2$, $512 \cdot 512 \cdot 14^2$, $1024 \cdot 1024 \cdot 7^2$. Whenever the side is halved the channels double, so $M N D_F^2$ stays. Where $M$ is still the old, smaller number ($M = N / 2$) it is half.
# 4. The five blocks of 512 channels at 14 x 14. 307 million are left, as Table 5 prints.
# 5. Parameters sit at the end, in `conv_pw_13` and `fc`, which together hold 49 %. Mult-adds are spread evenly over the pointwise layers, so any of them will do.
#
# </details>

# %% [markdown] lang="ko" of="83ef6268"
# ## 연습 문제
#
# 1. 160 x 160 그림이 들어가면 풀링(pooling) 층이 보는 변은 얼마인가요? 반으로 딱 나누어떨어지지 않는 200 x 200이면 어떤가요?
# 2. 분류기에 매개변수의 24.33 %가 있습니다. 분류가 1000가지가 아니라 10가지라면 몫이 얼마인가요? `nm.mobilenet(classes=10)`을 쓰세요.
# 3. 손으로: `conv_pw_3`, `conv_pw_5`, `conv_pw_7`, `conv_pw_13`의 비용($M \cdot N \cdot D_F \cdot D_F$)은 얼마인가요? 왜 모두 같고, 왜 어떤 층은 그 절반인가요?
# 4. 표 5의 얕은 네트워크는 `nm.mobilenet(blocks=nm.BLOCKS[:6] + nm.BLOCKS[11:])`입니다. 어느 층이 빠졌나요? 곱셈-덧셈은 몇 백만 번 남고, 표 5에는 얼마라고 인쇄되어 있나요?
# 5. 토론: 매개변수를 아끼려면 어디에서 층을 덜어 내겠습니까? 곱셈-덧셈을 아끼려면요?
#
# <details><summary>답</summary>
#
# 1. $160 / 32 = 5$입니다. 200이면 변을 올림하므로 100, 50, 25, 13, 7이 됩니다.
# 2. $10{,}240 / 3{,}195{,}328 = 0.32$ %입니다.
# 3. 모두 $51{,}380{,}224$번입니다. $128 \cdot 128 \cdot 56^2$, $256 \cdot 256 \cdot 28^2$, $512 \cdot 512 \cdot 14^2$, $1024 \cdot 1024 \cdot 7^2$. 변이 절반이 될 때마다 채널이 두 배가 되므로 $M N D_F^2$은 그대로입니다. $M$이 아직 작은 수인 층($M = N / 2$)에서는 절반입니다.
# 4. 14 x 14에서 512채널을 쓰는 블록 다섯 개가 빠졌습니다. 3억 700만 번이 남고, 표 5에도 307(백만)이라고 인쇄되어 있습니다.
# 5. 매개변수는 끝에 몰려 있습니다. `conv_pw_13`과 `fc`에 49 %가 있습니다. 곱셈-덧셈은 점별 층에 고루 퍼져 있으므로 어느 점별 층을 덜어 내도 됩니다.
#
# </details>
