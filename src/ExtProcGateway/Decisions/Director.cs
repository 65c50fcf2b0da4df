using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.ExtProcGateway.Decisions;

/// <summary>Decides where a request goes, from the local view alone.</summary>
/// <remarks>Safe from any thread; each has its own scratch.</remarks>
internal sealed class Director(ActiveConfiguration active, TimeProvider time, GatewayOptions options) : IDisposable
{
    private readonly ThreadLocal<DecisionScratch> _scratch = new(() => new DecisionScratch(NewRandom(options.Seed)));

    /// <summary>Settles which model serves the request, and what the request is worth, from <see cref="InferenceRequest.IncomingModel"/> and the pool's policies.</summary>
    /// <param name="objective">Name of the request's InferenceObjective; empty for none.</param>
    /// <param name="rewrite">The model that the request's headers rewrite to; empty for none. A rule for the incoming model overrides it.</param>
    /// <param name="rule">Name of the rewrite that was applied; null for none.</param>
    public void Classify(PoolState? pool, InferenceRequest request, string objective, string rewrite, out string? rule)
    {
        request.TargetModel = rewrite.Length > 0 ? rewrite : request.IncomingModel;
        rule = null;
        if (pool?.Policies is not { } policies)
        {
            return;
        }

        if (policies.TryRewrite(request.IncomingModel, _scratch.Value!.Random, out var target, out rule))
        {
            request.TargetModel = target;
        }

        request.Priority = objective.Length == 0 && policies.TryGetModelPriority(request.IncomingModel, out var priority) ? priority : policies.PriorityOf(objective);
    }

    /// <summary>Admits a request with a body, and picks its server.</summary>
    /// <param name="subset">The gateway's subset, a <c>google.protobuf.Value</c>; empty for none.</param>
    /// <param name="prompt">Hashes of the prompt and its media; null where they are not asked for.</param>
    /// <param name="tokens">Hashes of the prompt's tokens in the servers' blocks; null where they are not asked for, or not known.</param>
    /// <param name="decision">Valid until the thread's next decision. Of a request that is refused after its server was picked only that; without a view where none was.</param>
    /// <returns>Null, or why the request is refused.</returns>
    public Refusal? Pick(PoolState? pool, InferenceRequest request, ReadOnlySpan<byte> subset, PrefixHashes? prompt, PrefixHashes? tokens, out Decision decision)
    {
        decision = default;
        var scratch = _scratch.Value!;
        if (pool?.View is not { } view)
        {
            return request.Priority < 0 ? Refusal.Shed : Refusal.NoCandidates;
        }

        var allowed = Candidates(view, subset, scratch);
        var serving = active.Current;
        var picker = serving.Picker;
        var now = time.GetMilliseconds();
        scratch.Load.Fill(view, allowed, now);
        var match = Match(pool.Memory.Prefix, prompt, scratch.Match);
        var context = new PickContext(view, request, now, scratch.Random, match)
        {
            Load = scratch.Load,
            InFlight = scratch.Load.InFlight,
            Media = MatchMedia(pool, prompt, scratch),
            PrecisePrefix = serving.Events is null ? null : MatchTokens(pool, tokens, scratch) ?? match ?? PrefixMatch.None,
        };
        request.EstimatedOutputTokens = serving.InFlight?.EstimateOutput(request);
        if (request.Priority < 0 && picker.SaturationDetector.Saturation(context, allowed) >= 1)
        {
            return Refusal.Shed;
        }

        if (allowed.IsEmpty)
        {
            return Refusal.NoCandidates;
        }

        if (serving.Latency is { } latency)
        {
            context = context with { Latency = latency.Predict(context, pool.Memory.Latency, scratch.Predictions) };
        }

        foreach (var admitter in picker.Admitters)
        {
            if (admitter.Deny(context, allowed) is { } reason)
            {
                return Refusal.NotAdmitted(reason);
            }
        }

        var outcome = picker.Scheduler.Pick(context, allowed, scratch.Picking, out var picks);
        if (outcome != PickOutcome.Picked)
        {
            return outcome switch
            {
                PickOutcome.NoCandidates => Refusal.NoCandidates,
                PickOutcome.NoProfile => Refusal.NoProfile(request.RequestId),
                _ => Refusal.Drained(request.DrainedReason),
            };
        }

        var matched = MatchedTokens(context, picks[0]);
        if (request.OnlyIfCached && matched == 0)
        {
            decision = new Decision { View = view, Primary = picks[0], Prefill = -1 };
            return Refusal.NotCached;
        }

        var edits = scratch.Picking.Edits;
        edits.Clear();
        picker.Hooks.BeforeRequest(context, scratch.Picking.Result, edits);
        scratch.ClearDestination();
        foreach (var pick in picks)
        {
            AddDestination(scratch, view.Servers[pick], edits.DestinationPort);
        }

        var encoders = scratch.Picking.Result.PicksOf(edits.EncodeProfile);
        decision = new Decision
        {
            Destination = scratch.Destination,
            View = view,
            Primary = picks[0],
            MatchedTokens = matched,
            SoughtTokens = (long)BestMatch(context).TotalBlocks * BestMatch(context).BlockTokens,
            PrefixProducer = BestMatch(context) == scratch.PreciseMatch ? serving.EventsProducer : serving.PrefixProducer,
            PrefillMatchedTokens = edits.Prefill < 0 ? 0 : MatchedTokens(context, edits.Prefill),
            Result = scratch.Picking.Result,
            Prefill = edits.Prefill,
            Encoders = encoders,
            EncodeMatchedTokens = encoders.IsEmpty ? 0 : MatchedTokens(context, encoders[0]),
            Edits = edits,
            Hooks = picker.Hooks.EditsResponses ? picker.Hooks : null,
            Predictor = serving.Latency is null ? null : pool.Memory.Latency,
            Features = serving.Latency is null ? default : LatencyFeatures.Of(context.WithPrefix(serving.Latency.IsPrecise), picks[0]),
            Scored = options.EmitEndpointScores ? scratch.Picking.Scored : default,
            Scores = options.EmitEndpointScores ? scratch.Picking.ScoredTotals : default,
        };
        return null;
    }

    /// <summary>Notes that the picked server holds the prompt from now on.</summary>
    /// <remarks>Costs some microseconds for a hundred blocks, and up to half of one for each block that nobody held before.</remarks>
    public void Remember(PoolState pool, PoolView view, int server, PrefixHashes prompt)
    {
        if (active.Current.Prefix is not { } options)
        {
            return;
        }

        var number = view.Numbers[server];
        var capacity = options.Capacity(view.Cache[server]);
        for (var i = 0; i < prompt.ChainCount; i++)
        {
            pool.Memory.Prefix.Add(number, capacity, prompt.Chain(i));
        }
    }

    /// <summary>Notes that the picked server has the request's pictures, videos and sounds encoded from now on.</summary>
    /// <remarks>Costs up to half a microsecond an item.</remarks>
    public void RememberMedia(PoolState pool, PoolView view, int server, MediaItems media)
    {
        if (active.Current.Media is { } producer)
        {
            pool.Memory.Media.Add(view.Numbers[server], producer.ItemsPerServer, media.Hashes);
        }
    }

    /// <summary>Books a request on a server that was picked for it, for as long as it is in flight.</summary>
    /// <param name="server">Index in the view.</param>
    /// <param name="tokens">Tokens that the server has to process.</param>
    /// <param name="flow">Whose request it is, as figures tell it.</param>
    /// <param name="outputTokens">Tokens of the answer, where those are counted.</param>
    public InFlightBooking Book(PoolView view, int server, long tokens, InFlightFlow flow, long outputTokens) =>
        view.InFlight[server].Book(tokens, time.GetMilliseconds(), flow, outputTokens);

    /// <summary>Lets plugins set headers of a response.</summary>
    /// <param name="server">The server that was picked first.</param>
    /// <returns>Valid until the thread's next response.</returns>
    public HeaderEdits EditResponse(RequestHooks hooks, InferenceRequest request, ModelServer server)
    {
        var edits = _scratch.Value!.ResponseHeaders;
        edits.Clear();
        hooks.BeforeResponse(request, server, edits);
        return edits;
    }

    /// <summary>Any server of the pool, for a request without a body: there is nothing to score it by.</summary>
    public Refusal? PickAny(PoolState? pool, out Decision decision)
    {
        decision = default;
        if (pool?.View is not { Count: > 0 } view)
        {
            return Refusal.NoPods;
        }

        var server = _scratch.Value!.Random.Next(view.Count);
        decision = new Decision { Destination = view.Servers[server].AddressUtf8.Span, View = view, Primary = server, Prefill = -1 };
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch.Dispose();

    /// <summary>Who holds the prompt; null where that is not asked for.</summary>
    private static PrefixMatch? Match(PrefixIndex index, PrefixHashes? prompt, PrefixMatch match)
    {
        if (prompt is not { TotalBlocks: > 0 })
        {
            return null;
        }

        index.Match(prompt, match);
        return match;
    }

    /// <summary>Who says to hold the prompt's tokens, of which less than a block is nobody's; null where they are not known.</summary>
    private static PrefixMatch? MatchTokens(PoolState pool, PrefixHashes? tokens, DecisionScratch scratch) =>
        tokens is { ChainCount: > 0 } ? Match(pool.Memory.Events.Index, tokens, scratch.PreciseMatch) ?? PrefixMatch.None : null;

    /// <summary>Who has the request's media encoded; a match of nothing where it has none, or that is not asked for.</summary>
    private static PrefixMatch MatchMedia(PoolState pool, PrefixHashes? prompt, DecisionScratch scratch)
    {
        if (prompt is not { Media.Count: > 0 })
        {
            return PrefixMatch.None;
        }

        pool.Memory.Media.Match(prompt.Media, scratch.MediaMatch);
        return scratch.MediaMatch;
    }

    /// <summary>The servers that the request may go to: those of the subset, or all.</summary>
    private ReadOnlySpan<int> Candidates(PoolView view, ReadOnlySpan<byte> subset, DecisionScratch scratch)
    {
        var allowed = scratch.Picking.Allowed(view.Count);
        if (!subset.IsEmpty && !options.DisableEndpointSubsetFilter)
        {
            var marks = scratch.Marks(view.Count);
            if (SubsetHint.TryRead(subset, view, marks))
            {
                return allowed[..SubsetHint.ToIndexes(marks, allowed)];
            }
        }

        for (var i = 0; i < allowed.Length; i++)
        {
            allowed[i] = i;
        }

        return allowed;
    }

    /// <summary>What is known best: what the servers themselves tell, or else what was sent to them.</summary>
    private static PrefixMatch BestMatch(in PickContext context) => context.PrecisePrefix ?? context.Prefix;

    private static long MatchedTokens(in PickContext context, int server) => (long)BestMatch(context).Blocks(context.View.Numbers[server]) * BestMatch(context).BlockTokens;

    private static void AddDestination(DecisionScratch scratch, ModelServer server, int port)
    {
        if (port == 0)
        {
            scratch.AddDestination(server.AddressUtf8.Span);
        }
        else
        {
            scratch.AddDestination(server.AddressUtf8.Span, port);
        }
    }

    private static Random NewRandom(int? seed) => seed is { } value ? new Random(value) : new Random();
}
