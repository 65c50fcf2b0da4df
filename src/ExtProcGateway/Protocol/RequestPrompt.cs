using System.Buffers;
using Orleans.Inference.ExtProcGateway.Decisions;
using Orleans.Inference.ExtProcGateway.Rendering;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Tokenization;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>What the decision wants to know of one request's prompt, from the reading of its body until the picked servers are noted to hold it.</summary>
/// <remarks>A mutable struct, for a field of its request; one thread at a time.</remarks>
internal struct RequestPrompt(ExtProcServices services)
{
    /// <summary>Prompts of more blocks are noted outside the turn: a block that nobody held costs up to half a microsecond.</summary>
    private const int RememberedInTurn = 256;

    /// <summary>The prompt's hashes, and its pictures, videos and sounds, as far as somebody asks for them; null where nobody asks for either.</summary>
    public PrefixHashes? Hashes { readonly get; private set; }

    /// <summary>Hashes of the prompt's tokens in the servers' own blocks; null where nobody asks for them, and where the prompt is no tokens.</summary>
    public PrefixHashes? TokenHashes { readonly get; private set; }

    /// <summary>Hashes the prompt, or counts its tokens, as far as the configuration asks for that; tells the request.</summary>
    public void Read(RequestRoute route, in ReadOnlySequence<byte> body, in ParsedRequest parsed, InferenceRequest request, PoolState? pool, in VideoFacts video)
    {
        var sizes = new MediaTokens(services.MediaEstimate, video);
        if (services.Prefix is { } options && pool?.View is { Count: > 0 } view)
        {
            Hashes = services.Prompts.Rent();
            request.PromptTokens = route.HashPrompt(body, parsed, request.TargetModel, PromptBlocks.Of(options, view.Cache[0]), Hashes, services.AsksForMedia, sizes);
            request.HasMultiModal = Hashes.HasMedia;
        }
        else if (services.AsksForMedia)
        {
            Hashes = services.Prompts.Rent();
            request.PromptTokens = route.CountPromptTokens(body, parsed, out var hasMedia, Hashes.Media, sizes);
            request.HasMultiModal = hasMedia;
        }
        else if (services.CountsTokens)
        {
            request.PromptTokens = route.CountPromptTokens(body, parsed, out var hasMedia, media: null, sizes);
            request.HasMultiModal = hasMedia;
        }

        if (services.ReadsEvents && pool?.Memory.Events is { BlockTokens: > 0 and var tokens } events)
        {
            TokenHashes = services.Prompts.Rent();
            var model = request.TargetModel.Length > 0 ? request.TargetModel : events.Model;
            route.HashTokens(body, parsed, model, BlocksOf(tokens), TokenHashes);
        }
    }

    /// <summary>
    /// Has the tokens made of a prompt that is text, where somebody asks what the servers hold of them and somebody makes them. Copies the body; until the task has ended, which does not fail, the
    /// request must not be decided nor its hashes given back.
    /// </summary>
    /// <returns>Null where there is nothing to wait for.</returns>
    public readonly Task? RenderAsync(RequestRoute route, in ReadOnlySequence<byte> body, in ParsedRequest parsed, InferenceRequest request, PoolState? pool)
    {
        return TokenHashes is { ChainCount: 0 } hashes && services.Render is { } options && pool?.Memory.Events is { BlockTokens: > 0 and var tokens }
            && route.RenderPath is { Length: > 0 } path && parsed.CanEditModel && !request.HasMultiModal && body.Length <= RenderRequest.LargestBody && services.Renderer.IsAsked
            ? services.Renderer.RenderAsync(
                options,
                new(path, RenderRequest.CopyBody(body, parsed, options.Model), BlocksOf(tokens), PromptSeed.Of(request.TargetModel, body, parsed)),
                hashes,
                request)
            : null;
    }

    /// <summary>Behind the answers: what the servers hold from now on. A long prompt is noted outside the turn, from a copy of the decision's parts.</summary>
    public void Remember(PoolState pool, in Decision decision)
    {
        if (Hashes is not { } hashes)
        {
            return;
        }

        if (hashes.Media.Count > 0)
        {
            RememberMedia(pool, decision, hashes.Media);
        }

        if (hashes.TotalBlocks == 0)
        {
            return;
        }

        if (hashes.TotalBlocks <= RememberedInTurn)
        {
            Remember(services.Director, pool, decision.View, decision.Primary, decision.Prefill, hashes);
            return;
        }

        Hashes = null;
        var (director, prompts, view, server, prefill) = (services.Director, services.Prompts, decision.View, decision.Primary, decision.Prefill);
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                Remember(director, pool, view, server, prefill, hashes);
                prompts.Return(hashes);
            },
            null);
    }

    /// <summary>Gives the hashes back. May be called again.</summary>
    public void Release()
    {
        if (Hashes is { } hashes)
        {
            Hashes = null;
            services.Prompts.Return(hashes);
        }

        if (TokenHashes is { } tokens)
        {
            TokenHashes = null;
            services.Prompts.Return(tokens);
        }
    }

    /// <summary>The items go to the destination, to who processes the prompt, and to all who encode.</summary>
    private readonly void RememberMedia(PoolState pool, in Decision decision, MediaItems media)
    {
        var director = services.Director;
        director.RememberMedia(pool, decision.View, decision.Primary, media);
        if (decision.Prefill >= 0)
        {
            director.RememberMedia(pool, decision.View, decision.Prefill, media);
        }

        foreach (var encoder in decision.Encoders)
        {
            director.RememberMedia(pool, decision.View, encoder, media);
        }
    }

    private static PromptBlocks BlocksOf(int tokens) => new(PrefixHashRule.WholeBlocks, tokens, EngineBlockIndex.MostMatched);

    private static void Remember(Director director, PoolState pool, PoolView view, int server, int prefill, PrefixHashes hashes)
    {
        director.Remember(pool, view, server, hashes);
        if (prefill >= 0)
        {
            director.Remember(pool, view, prefill, hashes);
        }
    }
}
