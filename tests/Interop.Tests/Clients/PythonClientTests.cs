using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests.Clients;

/// <summary>grpcio, the C core's client.</summary>
[Collection(InteropCollection.Name)]
public sealed class PythonClientTests(InteropSystem system)
{
    private readonly ClientScenarios _scenarios = new(system, GrpcClient.Python);

    [PythonTheory]
    [InlineData(30, 1_048_576, false)]
    [InlineData(62_001, 16_384, false)]
    [InlineData(2_000_000, 1_048_576, false)]
    [InlineData(2_000_000, 16_384, false)]
    [InlineData(2_000_000, 100_000, true)]
    public Task FullDuplex_BodyInPieces_ComesBackUnchanged(int size, int piece, bool gzip) => _scenarios.FullDuplexAsync(size, piece, gzip);

    [PythonTheory]
    [InlineData(1_500_000, 24_000_000)]
    [InlineData(8_000_000, 200_000)]
    public Task FullDuplex_LastPieceRepeatedAndAnswersReadLate_BothBodiesComeBackUnchanged(int size, int response) => _scenarios.ReadsLateAsync(size, response);

    [PythonFact]
    public Task Buffered_Body_PickedInItsAnswer() => _scenarios.BufferedAsync();

    [PythonFact]
    public Task Bodyless_HeadersOnly_Picked() => _scenarios.BodylessAsync();

    [PythonFact]
    public Task Error_BodyIsNotJson_ImmediateResponseThenOk() => _scenarios.NotJsonAsync();

    [PythonFact]
    public Task HalfClose_InMidBody_OkWithoutAnswers() => _scenarios.HalfCloseInMidBodyAsync();

    [PythonFact]
    public Task Cancel_InMidBody_PickersStreamEnds() => _scenarios.CancelInMidBodyAsync();

    [PythonFact]
    public Task Deadline_NothingMoreIsSent_DeadlineExceeded() => _scenarios.DeadlineAsync();

    [PythonFact]
    public Task Message_LargerThanTheLimit_ResourceExhausted() => _scenarios.TooLargeAsync();

    [PythonFact]
    public Task Method_Unknown_Unimplemented() => _scenarios.UnknownMethodAsync();

    [PythonTheory]
    [InlineData("")]
    [InlineData("envoy.service.ext_proc.v3.ExternalProcessor")]
    public Task Health_Check_Serving(string service) => _scenarios.HealthCheckAsync(service);

    [PythonFact]
    public Task Health_List_NamesExtProc() => _scenarios.HealthListAsync();

    [PythonFact]
    public Task Health_Watch_BeginsWithServing() => _scenarios.HealthWatchAsync();
}
