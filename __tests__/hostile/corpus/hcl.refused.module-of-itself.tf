module "a" {
  source = "./"
}
module "b" {
  source = "./"
}
