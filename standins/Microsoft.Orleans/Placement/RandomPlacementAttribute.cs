namespace Orleans.Placement;

public sealed class RandomPlacementAttribute() : PlacementAttribute(RandomPlacement.Singleton);
