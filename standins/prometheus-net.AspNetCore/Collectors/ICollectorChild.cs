namespace Prometheus;

/// <summary>One series, or one histogram's series.</summary>
public interface ICollectorChild;
