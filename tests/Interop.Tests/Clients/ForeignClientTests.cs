namespace Orleans.Inference.Interop.Tests.Clients;

/// <summary>The picker as clients of other languages see it.</summary>
[Collection(InteropCollection.Name)]
public sealed class ForeignClientTests(InteropSystem system)
{
    [Theory]
    [Node(30, 1_048_576, false), Python(30, 1_048_576, false)]
    [Node(62_001, 16_384, false), Python(62_001, 16_384, false)]
    [Node(2_000_000, 1_048_576, false), Python(2_000_000, 1_048_576, false)]
    [Node(2_000_000, 16_384, false), Python(2_000_000, 16_384, false)]
    [Node(2_000_000, 100_000, true), Python(2_000_000, 100_000, true)]
    public Task FullDuplex_BodyInPieces_ComesBackUnchanged(string client, int size, int piece, bool gzip) => With(client).FullDuplexAsync(size, piece, gzip);

    [Theory]
    [Node(1_500_000, 24_000_000), Python(1_500_000, 24_000_000)]
    [Node(8_000_000, 200_000), Python(8_000_000, 200_000)]
    public Task FullDuplex_LastPieceRepeatedAndAnswersReadLate_BothBodiesComeBackUnchanged(string client, int size, int response) => With(client).ReadsLateAsync(size, response);

    [Theory]
    [Node, Python]
    public Task Buffered_Body_PickedInItsAnswer(string client) => With(client).BufferedAsync();

    [Theory]
    [Node, Python]
    public Task Bodyless_HeadersOnly_Picked(string client) => With(client).BodylessAsync();

    [Theory]
    [Node, Python]
    public Task Error_BodyIsNotJson_ImmediateResponseThenOk(string client) => With(client).NotJsonAsync();

    [Theory]
    [Node, Python]
    public Task HalfClose_InMidBody_OkWithoutAnswers(string client) => With(client).HalfCloseInMidBodyAsync();

    [Theory]
    [Node, Python]
    public Task Cancel_InMidBody_PickersStreamEnds(string client) => With(client).CancelInMidBodyAsync();

    [Theory]
    [Node, Python]
    public Task Deadline_NothingMoreIsSent_DeadlineExceeded(string client) => With(client).DeadlineAsync();

    [Theory]
    [Node, Python]
    public Task Message_LargerThanTheLimit_ResourceExhausted(string client) => With(client).TooLargeAsync();

    [Theory]
    [Node, Python]
    public Task Method_Unknown_Unimplemented(string client) => With(client).UnknownMethodAsync();

    [Theory]
    [Node(""), Python("")]
    [Node("envoy.service.ext_proc.v3.ExternalProcessor"), Python("envoy.service.ext_proc.v3.ExternalProcessor")]
    public Task Health_Check_Serving(string client, string service) => With(client).HealthCheckAsync(service);

    [Theory]
    [Node, Python]
    public Task Health_List_NamesExtProc(string client) => With(client).HealthListAsync();

    [Theory]
    [Node, Python]
    public Task Health_Watch_BeginsWithServing(string client) => With(client).HealthWatchAsync();

    private ClientScenarios With(string client) => new(system, GrpcClient.Find(client));
}
