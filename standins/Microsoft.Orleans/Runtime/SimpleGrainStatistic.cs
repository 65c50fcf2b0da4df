namespace Orleans.Runtime;

[GenerateSerializer]
public class SimpleGrainStatistic
{
    [Id(0)]
    public string GrainType { get; set; } = "";

    [Id(1)]
    public SiloAddress SiloAddress { get; set; } = SiloAddress.Zero;

    [Id(2)]
    public int ActivationCount { get; set; }
}
