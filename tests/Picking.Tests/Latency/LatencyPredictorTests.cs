using System.Diagnostics;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Tests.Prefix;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.Latency;

public sealed class LatencyPredictorTests
{
    private static readonly PredictedLatencyProducer Producer = new(new PredictedLatencyParameters { StreamingMode = true, SloBufferFactor = 0.5 });

    private static LatencySample SampleOf(LatencyFeatures features, int i, bool streamed = true) => new()
    {
        Features = features,
        Streamed = streamed,
        Ttft = Features.Ttft(features) + (streamed ? 0 : 8000 * features[LatencyFeatures.Output]),
        Tpot = Features.Tpot(features),
        At = i * 100,
    };

    private static LatencyPredictor Trained(int samples = 2000, bool streamed = true)
    {
        var (predictor, features) = (new LatencyPredictor(), new Features(1));
        for (var i = 0; i < samples; i++)
        {
            predictor.Learn(SampleOf(features.Next(streamed), i, streamed));
        }

        return predictor;
    }

    private static PoolView Pool(int servers, Random random)
    {
        var builder = new ViewBuilder();
        for (var i = 0; i < servers; i++)
        {
            builder.Add(queued: random.Next(30), kv: random.NextDouble() * 1.2, running: random.Next(100));
        }

        return builder.Build();
    }

    /// <summary>Figures of 13 servers, which is no multiple of a vector's width, four of them with a part of the prompt.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Predict_Columns_AreWhatTheFeaturesOfEachServerGive(bool streaming)
    {
        var random = new Random(5);
        var predictor = new LatencyPredictor();
        for (var i = 0; i < 500; i++)
        {
            // A law of all features, so that each weight is above 0.
            var next = new Features(i).Next(streaming);
            var time = 5.0;
            for (var f = 0; f < LatencyFeatures.Count; f++)
            {
                time += (3 + f) * next[f];
            }

            predictor.Learn(new LatencySample { Features = next, Streamed = streaming, Ttft = time, Tpot = time / 7, At = i });
        }

        var match = Matched();
        var view = Pool(13, random);
        var requests = new int[13];
        var tokens = new long[13];
        for (var i = 0; i < 13; i++)
        {
            (requests[i], tokens[i]) = (random.Next(50), random.Next(50_000));
        }

        var context = new PickContext(view, new InferenceRequest { BodySize = 8000, Streaming = streaming, MaxOutputTokens = 300 }, 0, random, match) { InFlight = new(requests, tokens) };
        var predictions = Producer.Predict(context, predictor, new PredictionColumns());
        Assert.Equal(13, predictions.Ttft.Length);
        for (var i = 0; i < 13; i++)
        {
            var features = LatencyFeatures.Of(context, i);
            var (ttft, tpot) = (0.0, 0.0);
            for (var f = 0; f < LatencyFeatures.Count; f++)
            {
                ttft += predictor.Weights!.Ttft(streaming)[f] * features[f];
                tpot += streaming ? predictor.Weights!.Tpot[f] * features[f] : 0;
            }

            Assert.Equal(ttft, predictions.Ttft[i], 0.001 * ttft);
            Assert.Equal(tpot, predictions.Tpot[i], 0.001 * tpot);
        }
    }

    /// <summary>Of 31 blocks of 64 tokens server 0 holds 1, server 2 holds 3, server 4 holds 10 and server 12 holds all.</summary>
    private static PrefixMatch Matched()
    {
        var chain = Chains.Of([.. Enumerable.Range(1, 31)]);
        var index = new PrefixIndex();
        foreach (var (server, blocks) in new[] { (0, 1), (2, 3), (4, 10), (12, 31) })
        {
            index.Add(server, 100, chain.AsSpan(0, blocks));
        }

        var match = new PrefixMatch();
        index.Match(Chains.Request(chain), match);
        return match;
    }

    [Fact]
    public void Predict_FewerSamplesThanNeeded_IsEmpty()
    {
        var context = new PickContext(new ViewBuilder().Add().Build(), new InferenceRequest { Streaming = true }, 0, new Random(1));
        Assert.True(Producer.Predict(context, new LatencyPredictor(), new PredictionColumns()).IsEmpty);
        Assert.True(Producer.Predict(context, Trained(LatencyPredictor.SamplesNeeded - 1), new PredictionColumns()).IsEmpty);
        Assert.False(Producer.Predict(context, Trained(LatencyPredictor.SamplesNeeded), new PredictionColumns()).IsEmpty);
    }

    /// <summary>Streams teach nothing of answers in one piece, and the other way round.</summary>
    [Fact]
    public void Predict_TheOtherKindOfAnswer_IsEmpty()
    {
        var view = new ViewBuilder().Add().Build();
        Assert.True(Producer.Predict(new PickContext(view, new InferenceRequest(), 0, new Random(1)), Trained(), new PredictionColumns()).IsEmpty);
        Assert.True(Producer.Predict(new PickContext(view, new InferenceRequest { Streaming = true }, 0, new Random(1)), Trained(streamed: false), new PredictionColumns()).IsEmpty);
    }

    [Fact]
    public void Predict_AnswerInOnePiece_TakesTheWholeAnswersTimeAndNoTimePerToken()
    {
        var predictor = Trained(streamed: false);

        // 40 ms, 2,000 tokens at 20 ms a thousand, and 500 tokens at 8 ms each.
        var context = new PickContext(new ViewBuilder().Add().Build(), new InferenceRequest { BodySize = 8000, MaxOutputTokens = 500 }, 0, new Random(1));
        var predictions = Producer.Predict(context, predictor, new PredictionColumns());
        Assert.Equal(4080, predictions.Ttft[0], 100.0);
        Assert.Equal(0, predictions.TpotHeadroom(0));
    }

    [Fact]
    public void Predict_Objectives_MakeHeadrooms()
    {
        // 40 + 2 · 20 = 80 ms and 8 + 20 · 0.06 = 9.2 ms: of 100 ms 20 are left, of 30 · 0.5 ms 5.8.
        var request = new InferenceRequest { BodySize = 8000, Streaming = true, Objectives = new(100, 30) };
        var context = new PickContext(new ViewBuilder().Add(running: 20).Build(), request, 0, new Random(1));
        var predictions = Producer.Predict(context, Trained(), new PredictionColumns());
        Assert.Equal(20, predictions.TtftHeadroom(0), 3.0);
        Assert.Equal(5.8, predictions.TpotHeadroom(0), 0.3);
        Assert.True(predictions.Keeps(0));
        var uncounted = new PredictedLatencyProducer(new()).Predict(context, Trained(), new PredictionColumns());
        Assert.Equal(0, uncounted.TpotHeadroom(0));
    }

    [Fact]
    public void Predict_OnlyLearning_IsEmpty()
    {
        var producer = new PredictedLatencyProducer(new() { PredictInProduce = false });
        Assert.True(producer.Predict(new PickContext(new ViewBuilder().Add().Build(), new InferenceRequest { Streaming = true }, 0, new Random(1)), Trained(), new PredictionColumns()).IsEmpty);
    }

    [Fact]
    public void Learn_SenselessSamples_AreCountedAndLeftOut()
    {
        var predictor = Trained();
        var before = predictor.Figures;
        var features = new Features(3).Next();
        foreach (var time in new[] { 0, -1, double.NaN, double.PositiveInfinity, 1e9 })
        {
            predictor.Learn(new LatencySample { Features = features, Streamed = true, Ttft = time, Tpot = 1 });
        }

        features[LatencyFeatures.KvUsage] = float.NaN;
        predictor.Learn(new LatencySample { Features = features, Streamed = true, Ttft = 1, Tpot = 1 });
        features[LatencyFeatures.KvUsage] = -1;
        predictor.Learn(new LatencySample { Features = features, Streamed = true, Ttft = 1, Tpot = 1 });
        Assert.Equal(before with { Rejected = 7 }, predictor.Figures);
    }

    [Fact]
    public void Figures_OfALawThatIsLearned_SayASmallError()
    {
        var figures = Trained().Figures;
        Assert.Equal(2000, figures.Samples);
        Assert.InRange(figures.TtftError, 0, 0.03);
        Assert.InRange(figures.TpotError, 0, 0.03);
        Assert.True(double.IsNaN(figures.WholeError));
    }

    [Fact]
    public async Task Observe_FromManyThreads_LearnsFromAllThatIsNotDropped()
    {
        var predictor = new LatencyPredictor();
        var samples = Enumerable.Range(0, 500).Select(i => SampleOf(new Features(i).Next(), i)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Array.ForEach(samples, sample => predictor.Observe(sample)))));
        var since = Stopwatch.StartNew();
        while (predictor.Figures is var figures && figures.Samples + figures.Rejected < 2000)
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(60));
            await Task.Yield();
        }

        Assert.NotNull(predictor.Weights);
    }

    [Fact]
    public void Predict_Steady_AllocatesNothing()
    {
        var (predictor, columns, random) = (Trained(), new PredictionColumns(), new Random(1));
        var view = Pool(100, random);
        var request = new InferenceRequest { BodySize = 4000, Streaming = true };
        var allocated = AllocatedBytes.OfSteadyState(
            () => Producer.Predict(new PickContext(view, request, 0, random), predictor, columns));
        Assert.Equal(0, allocated);
    }
}
