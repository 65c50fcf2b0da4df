namespace Orleans.Runtime;

public abstract class PlacementStrategy;
